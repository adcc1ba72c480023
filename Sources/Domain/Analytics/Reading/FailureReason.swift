/// Why a handoff was exhausted, as far as its last error said.
public enum FailureReason: UInt8, ClosedWord {
  case timeout, connection, circuitOpen, rejected, context, hopLimit, validation, noRoute, other

  /// The word as labels write it.
  public var name: String {
    switch self {
    case .circuitOpen: "circuit_open"
    case .hopLimit: "hop_limit"
    case .noRoute: "no_route"
    default: "\(self)"
    }
  }
  /// The list.
  public static let list = WordList<Self>()

  /// The reason behind an error's type: the word itself, or what a framework's own name for it contains.
  static func reading(_ bytes: [UInt8], _ range: Range<Int>) -> Self {
    let word = list.word(bytes, range)
    guard word == .other, range.count <= 256 else { return word }
    let text = bytes[range].map { (65...90).contains($0) ? $0 | 32 : $0 }
    return hints.first { contains(text, $0.part) }?.reason ?? .other
  }

  /// Looked for in this order: "connection timed out" is a timeout, "invalid route" no validation.
  private static let hints: [(part: [UInt8], reason: Self)] = [
    ("timeout", Self.timeout), ("timed", .timeout), ("deadline", .timeout), ("circuit", .circuitOpen),
    ("breaker", .circuitOpen), ("hop", .hopLimit), ("route", .noRoute), ("checksum", .context),
    ("context", .context), ("connect", .connection), ("network", .connection),
    ("unreachable", .connection), ("unavailable", .connection), ("reject", .rejected),
    ("valid", .validation),
  ].map { (Array($0.0.utf8), $0.1) }

  private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard text.count >= part.count else { return false }
    return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
  }
}
