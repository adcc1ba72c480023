import Configuration
import Wording

/// How a word is meant; colour tells it on a terminal.
enum Tone {
  case plain
  case strong
  case faint
  case good
  case warning
  case bad

  /// What switches it on; nil for what needs nothing.
  var code: String? {
    switch self {
    case .plain: nil
    case .strong: "\u{1B}[1m"
    case .faint: "\u{1B}[2m"
    case .good: "\u{1B}[32m"
    case .warning: "\u{1B}[33m"
    case .bad: "\u{1B}[31m"
    }
  }
}

/// A word on paper; its text is fit for a terminal.
struct Cell: Equatable {
  let text: String
  let tone: Tone

  /// Outside text is made fit.
  init(_ text: String, _ tone: Tone = .plain) {
    self.text = Printable.escaped(text)
    self.tone = tone
  }

  /// Nothing is known.
  static let unknown = Cell("-", .faint)
}
