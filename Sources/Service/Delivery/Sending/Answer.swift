import HTTPClient
import Model

/// What an attempt came to.
enum Attempt: Equatable {
  case delivered
  /// It may go better later; the receiver may have asked to wait so long.
  case later(why: String, asked: Duration?)
  /// It will go no better.
  case useless(FailureCause, why: String)
}

extension Attempt {
  /// What an answer means; a redirect is one that refuses.
  init(_ answer: HTTPAnswer, at now: Timestamp) {
    let why = "the answer was \(answer.status)"
    switch answer.status {
    case 200..<300: self = .delivered
    case 408, 429, 500...: self = .later(why: why, asked: answer.askedPause(at: now))
    case 300..<400: self = .useless(.redirect, why: why)
    default: self = .useless(.status, why: why)
    }
  }

  /// What it means that there is no answer.
  init(_ error: HTTPClientError) {
    switch error.code {
    // A large answer was sent by somebody who had read the request.
    case .tooLarge: self = .later(why: error.description, asked: nil)
    case .tls, .library: self = .later(why: error.description, asked: nil)
    case .invalidRequest, .forbidden: self = .useless(.other, why: error.description)
    case .resolve, .connect, .timeout, .interrupted: self = .later(why: error.description, asked: nil)
    }
  }
}

extension HTTPAnswer {
  /// How long the server asks to wait, in seconds or until a date.
  func askedPause(at now: Timestamp) -> Duration? {
    if let retryAfter { return retryAfter }
    guard let text = header("retry-after"), let moment = HTTPDate.moment(text) else { return nil }
    return .microseconds(max(0, moment.microseconds &- now.microseconds))
  }
}

/// Dates as HTTP writes them, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  static func moment(_ text: String) -> Timestamp? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else {
      return nil
    }
    let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
    return Timestamp(rfc3339: Array("\(words[3])-\(number)-\(words[1])T\(words[4])Z".utf8)[...])
  }
}
