import Model

/// Parameters that nobody has described yet, by their names.
extension QueryReader {
  /// The value as it is; nil where the parameter is absent.
  mutating func text(_ name: String) -> String? { read(.text(name, "")) }

  /// A whole number within a range.
  mutating func count(_ name: String, _ range: ClosedRange<Int>) -> Int? { read(.count(name, range, "")) }

  /// A moment, as RFC 3339.
  mutating func moment(_ name: String) -> Timestamp? { read(.moment(name, "", example: "")) }

  /// One of some words.
  mutating func word<Word: Sendable>(_ name: String, _ words: [(String, Word)]) -> Word? {
    read(.word(name, words, ""))
  }
}
