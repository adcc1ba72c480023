import Bytes
import Decoding
import HTTPServer
import Model

/// What became of the events of one request, before they are durable.
struct Receipt: Sendable {
  /// What is to be spooled: new events, and what is kept of the refused.
  private(set) var builder: BatchBuilder
  /// The identities of the new events.
  private(set) var identities: [EventIdentity] = []
  /// How many events are new.
  private(set) var accepted = 0
  /// How many were known already.
  private(set) var duplicates = 0
  /// Which were refused, by their position.
  private(set) var refusals: [Refusal]
  /// Strings replaced before anything was stored.
  let redactions: Int

  /// Sorts the events of a batch by what the memory said of each frame.
  init(_ batch: DecodedBatch, _ judgements: [IdentityMemory.Judgement]) {
    redactions = batch.redactions
    refusals = batch.refusals
    builder = batch.payload
    if judgements.allSatisfy({ $0 == .new }) {
      identities = batch.frames.map(\.identity)
      accepted = batch.accepted
    } else {
      sort(batch, judgements)
    }
  }

  /// Keeps the bytes of the first `count` refused events only.
  mutating func keepRejections(_ count: Int) {
    builder.rejections.removeLast(max(0, builder.rejections.count - count))
  }

  /// One frame at a time; an event of several frames (a broadcast) is new if any of them is.
  private mutating func sort(_ batch: DecodedBatch, _ judgements: [IdentityMemory.Judgement]) {
    var frames = BatchBuilder(capacity: batch.payload.frames.count)
    frames.rejections = builder.rejections
    var outcomes: [Int: IdentityMemory.Judgement] = [:]
    for (frame, judgement) in zip(batch.frames, judgements) {
      outcomes[frame.index] = min(outcomes[frame.index] ?? judgement, judgement)
      if judgement == .new {
        frames.frames.put(batch.payload.frames.bytes[frame.range])
        frames.countEvent()
        identities.append(frame.identity)
      }
      if judgement == .conflict { refuse(frame, in: batch, into: &frames) }
    }
    builder = frames
    accepted = outcomes.values.count { $0 == .new }
    duplicates = outcomes.values.count { $0 == .duplicate }
    refusals.sort { $0.index < $1.index }
  }

  private mutating func refuse(_ frame: DecodedFrame, in batch: DecodedBatch, into frames: inout BatchBuilder) {
    let refusal = Refusal(
      index: frame.index, pointer: "/event_id", code: .conflict,
      message: "an event of this identity was taken in with other content; the first stays. Send a new event_id")
    refusals.append(refusal)
    let body = EventFrame(batch.payload.frames.bytes, at: frame.range.lowerBound)?.body ?? []
    frames.rejections.append(Rejection(refusal: refusal, body: Array(body.prefix(4096))))
  }
}

extension Receipt {
  /// 200 with the tally; 400 where nothing was accepted and something refused.
  var answer: Response {
    let isRefused = accepted == 0 && duplicates == 0 && !refusals.isEmpty
    var writer = JSONWriter(capacity: 64 + refusals.count * 200)
    writer.object {
      if isRefused { problem(&$0) }
      $0.member("accepted", accepted)
      $0.member("duplicates", duplicates)
      $0.key("rejected")
      $0.array(refusals) { $0.refusal($1) }
    }
    guard isRefused else { return .json(writer.bytes) }
    return Response(status: 400, contentType: "application/problem+json", body: writer.bytes)
  }

  private func problem(_ writer: inout JSONWriter) {
    writer.member("type", "about:blank")
    writer.member("title", "Bad Request")
    writer.member("status", 400)
    writer.member("detail", "no event was accepted; each has its reason")
    writer.key("errors")
    writer.array(refusals) { $0.refusal($1) }
  }
}

extension JSONWriter {
  fileprivate mutating func refusal(_ refusal: Refusal) {
    object {
      $0.member("index", refusal.index)
      $0.member("pointer", refusal.pointer)
      $0.member("code", refusal.code.rawValue)
      $0.member("message", refusal.message)
    }
  }
}
