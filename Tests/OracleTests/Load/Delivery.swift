import Foundation
import TestSupport

/// What became of a request.
enum Delivery: Equatable, Sendable {
  /// 200, and how many of its events were known already.
  case acknowledged(known: Int)
  /// 429 or 503.
  case refused
  /// It was sent, and no answer came.
  case lost
  /// There was nobody to send it to.
  case unreachable
  /// An answer that nothing explains.
  case surprise(String)

  private struct Tally: Decodable {
    var accepted: Int
    var duplicates: Int
  }

  /// Judges the answer to a request with so many events.
  init(_ answer: HTTPAnswer, events count: Int) {
    switch answer.status {
    case 200:
      let tally = try? JSONDecoder().decode(Tally.self, from: Data(answer.body))
      guard let tally, tally.accepted + tally.duplicates == count else {
        self = .surprise("200 for \(count) events: \(answer.text.prefix(500))")
        return
      }
      self = .acknowledged(known: tally.duplicates)
    case 429, 503:
      self = answer["retry-after"] == nil ? .surprise("no Retry-After: \(answer.text)") : .refused
    default: self = .surprise("\(answer.status): \(answer.text.prefix(500))")
    }
  }
}
