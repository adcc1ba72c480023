import Bytes
import Decoding
import HTTPServer
import Model

/// What a sender is told of the events of one request.
struct Receipt: Sendable {
  /// How many events are new.
  let accepted: Int
  /// How many were known already.
  let duplicates: Int
  /// Which were refused, by their position.
  let refusals: [Refusal]

  init(_ batch: DecodedBatch) {
    accepted = batch.accepted
    duplicates = batch.duplicates
    refusals = batch.refusals
  }

  /// Whether nothing of the request was any good.
  var isRefusal: Bool { accepted == 0 && duplicates == 0 && !refusals.isEmpty }

  /// 200 with the tally; 400 where nothing was accepted and something refused.
  var answer: Response {
    var writer = JSONWriter(capacity: 64 + refusals.count * 200)
    writer.object {
      if isRefusal { problem(&$0) }
      $0.member("accepted", accepted)
      $0.member("duplicates", duplicates)
      $0.key("rejected")
      $0.array(refusals) { $0.refusal($1) }
    }
    guard isRefusal else { return .json(writer.bytes) }
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
