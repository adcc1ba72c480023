import Wording

/// A text with places where values are put; it can do nothing else.
public struct Template: Equatable, Sendable {
  /// A piece: text, or the name of a value.
  enum Piece: Equatable, Sendable {
    case text(String)
    case value(String)
  }

  let pieces: [Piece]

  /// Why a text is no template.
  enum Fault: Error, Equatable {
    case unclosed
    case unknown(String)
  }

  /// Values that every alert has.
  static let names = [
    "alert", "severity", "value", "value.percent", "value.duration", "threshold", "threshold.percent",
    "threshold.duration", "window", "handoffs", "failures", "handoff_id", "event_id", "error.class",
    "error.type", "error.message", "error.hint",
  ]

  /// Reads `text`; besides the values every alert has, `labels` may be named.
  init(_ text: String, labels: [String]) throws(Fault) {
    var pieces: [Piece] = []
    var rest = Substring(text)
    while let open = rest.firstRange(of: "{{") {
      if open.lowerBound > rest.startIndex { pieces.append(.text(String(rest[..<open.lowerBound]))) }
      rest = rest[open.upperBound...]
      guard let close = rest.firstRange(of: "}}") else { throw .unclosed }
      let name = String(rest[..<close.lowerBound].filter { $0 != " " })
      guard Self.names.contains(name) || labels.contains(name) else { throw .unknown(name) }
      pieces.append(.value(name))
      rest = rest[close.upperBound...]
    }
    if !rest.isEmpty { pieces.append(.text(String(rest))) }
    self.pieces = pieces
  }

  /// The most characters of one value that are put in.
  private static let longest = 512

  /// The text with its values; one that is unknown leaves nothing, and what it is put into closes over the gap.
  func filled(_ value: (String) -> String?) -> String {
    var text = ""
    for piece in pieces {
      switch piece {
      case .text(let words): text += words
      case .value(let name): text += Printable.plain(value(name) ?? "", limit: Self.longest)
      }
    }
    return text
  }
}
