import Bytes
import Configuration
import HTTPClient
import Wording

/// What a sidecar said to a batch.
enum Verdict: Equatable {
  /// It looked at every event.
  case taken(accepted: Int, duplicates: Int, refused: [Refused])
  /// It has no room now, or something between is not well; worth another try.
  case later(reason: String, after: Duration?)
  /// The batch is too large for it.
  case tooLarge(reason: String)
  /// It will not take this at all.
  case never(reason: String)

  /// Reads an answer to `batch`.
  init(_ answer: HTTPAnswer, to batch: Batch) {
    let body = JSONValue(answer.body)
    let reason = Verdict.reason(answer, body)
    switch answer.status {
    case 200:
      let counts = (body?["accepted"]?.integer, body?["duplicates"]?.integer)
      guard let accepted = counts.0, let duplicates = counts.1 else {
        self = .never(reason: "it answered 200 with something that is not the answer of a sidecar")
        return
      }
      self = .taken(accepted: accepted, duplicates: duplicates, refused: Verdict.refused(body, batch))
    case 400:
      let refused = Verdict.refused(body, batch)
      let duplicates = body?["duplicates"]?.integer ?? 0
      self =
        refused.isEmpty
        ? .never(reason: reason) : .taken(accepted: 0, duplicates: duplicates, refused: refused)
    case 413: self = .tooLarge(reason: reason)
    case 408, 429, 500...: self = .later(reason: reason, after: answer.retryAfter)
    default: self = .never(reason: reason)
    }
  }

  /// The refusals by line; those that name no event of this batch are left out.
  private static func refused(_ body: JSONValue?, _ batch: Batch) -> [Refused] {
    let list = body?["rejected"] ?? body?["errors"] ?? .null
    return list.elements.compactMap { entry in
      guard let index = entry["index"]?.integer, batch.lines.indices.contains(index) else { return nil }
      return Refused(
        line: batch.lines[index], code: entry["code"]?.text ?? "refused",
        pointer: entry["pointer"]?.text ?? "",
        message: entry["message"]?.text ?? "")
    }
  }

  /// The words of a problem document, else the bare status.
  private static func reason(_ answer: HTTPAnswer, _ body: JSONValue?) -> String {
    let words = [body?["title"]?.text, body?["detail"]?.text].compactMap(\.self).map { Printable.plain($0) }
    return "it answered \(answer.status)\(words.isEmpty ? "" : " (\(words.joined(separator: ": ")))")"
  }
}
