import Analytics
import Bytes
import Decoding
import Model
import Store

extension Seed {
  /// What the fold is to begin with, as the database knows it.
  init(_ history: History) {
    let received = history.handoffs.flatMap(\.receipts).filter(\.isHere) + history.events.map(\.receipt)
    let last = received.map(\.receivedAt).max()
    let end = [last, history.seenUntil].compactMap { $0 }.max() ?? Timestamp(microseconds: 0)
    self.init(at: end)
    handoffs = history.handoffs.map { SeedHandoff($0, before: end) }
    var reader = StoredEventReader()
    for event in history.events {
      if let frame = reader.frame(of: event) { events.append(SeedEvent(frame, event.receipt, before: end)) }
    }
    agents = history.agents.map { past in
      var agent = SeedAgent(name: past.name)
      agent.lastSeen = past.lastSeen
      agent.receivesHere = past.receivesHere
      return agent
    }
    handledDeadLetters = history.handledDeadLetters
  }
}

extension SeedHandoff {
  fileprivate init(_ past: PastHandoff, before end: Timestamp) {
    self.init(
      KnownHandoff(handoffID: past.id, record: past.record),
      receipts: past.receipts.map {
        .init(
          receivedAt: $0.moment(before: end), sequence: $0.sequence, position: $0.slot, isHere: $0.isHere)
      })
  }
}

extension SeedEvent {
  fileprivate init(_ frame: EventFrame, _ receipt: PastReceipt, before end: Timestamp) {
    self.init(
      frame,
      .init(
        receivedAt: receipt.moment(before: end), sequence: receipt.sequence, position: receipt.slot,
        isHere: receipt.isHere))
  }
}

extension PastReceipt {
  /// What others received while this sidecar was away is taken as received before it goes on.
  fileprivate func moment(before end: Timestamp) -> Timestamp { isHere ? receivedAt : min(receivedAt, end) }
}

extension Completion {
  /// What the commit that moved the spool's position to `position` completed of a handoff.
  init(_ handoff: CompletedHandoff, at position: UInt64) {
    var pair: CompletedPair = []
    if handoff.pairs.contains(.acknowledgement) { pair.insert(.acknowledgement) }
    if handoff.pairs.contains(.duration) { pair.insert(.duration) }
    self.init(
      pair: pair, handoff: KnownHandoff(handoffID: handoff.id, record: handoff.record), position: position)
  }
}

/// Reads stored events as they were read when they came in.
struct StoredEventReader: ~Copyable {
  private var decoder: Decoder

  init() {
    decoder = Decoder()
  }

  /// The event; nil where it cannot be read any more.
  mutating func frame(of event: PastEvent) -> EventFrame? {
    guard
      let batch = try? decoder.decode(
        event.body, contentType: "application/json", receivedAt: event.receipt.receivedAt, keptRejections: 0),
      let first = batch.frames.first
    else { return nil }
    return EventFrame(batch.payload.frames.bytes, at: first.range.lowerBound)
  }
}
