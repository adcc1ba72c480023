import Model
import Wording

/// A parameter as the description of the API shows it.
struct DescribedParameter: Sendable {
  /// Where it stands.
  enum Place: String, Sendable {
    case path
    case query
    case header
  }

  var place = Place.query
  var name: String
  var meaning: String
  var schema: Schema
  /// Whether nothing can be answered without it.
  var isNeeded = false
  /// A value that makes sense, to start from.
  var example: String?
}

/// A parameter of a query, whatever its values are.
protocol QueryParameter: Sendable {
  /// It as the description of the API shows it.
  var described: DescribedParameter { get }
}

/// A parameter of a query: its name, what it may be and what it means.
///
/// Both what reads a query and the description of the API go by it, so neither can say what the other does not.
struct Parameter<Value: Sendable>: QueryParameter {
  var described: DescribedParameter
  /// What would be right, in words.
  let wanted: String
  /// The value of a text; nil where it is impossible.
  let parse: @Sendable (String) -> Value?

  init(
    _ name: String, _ meaning: String, _ schema: Schema, example: String? = nil, wanted: String,
    parse: @escaping @Sendable (String) -> Value?
  ) {
    described = DescribedParameter(name: name, meaning: meaning, schema: schema, example: example)
    self.wanted = wanted
    self.parse = parse
  }

  var name: String { described.name }

  /// The parameter as one that must be there.
  var needed: Self {
    var copy = self
    copy.described.isNeeded = true
    return copy
  }

  /// The parameter with a value for where it is not given.
  func or(_ standard: Value, _ shown: JSONTree) -> StandardParameter<Value> {
    var copy = self
    copy.described.schema = described.schema.standard(shown)
    return StandardParameter(parameter: copy, standard: standard)
  }
}

/// A parameter that has a value also where it is not given.
struct StandardParameter<Value: Sendable>: QueryParameter {
  let parameter: Parameter<Value>
  let standard: Value

  var described: DescribedParameter { parameter.described }
}

extension Parameter where Value == String {
  /// A text as it is.
  static func text(_ name: String, _ meaning: String, example: String? = nil) -> Self {
    Self(
      name, meaning, .text(1...256).withoutNUL, example: example,
      wanted: "1 to 256 characters without NUL"
    ) { text in
      (1...256).contains(text.unicodeScalars.count) && !text.utf8.contains(0) ? text : nil
    }
  }

  /// Where a list goes on; `isGood` knows the cursors of the list.
  static func cursor(_ isGood: @escaping @Sendable (String) -> Bool) -> Self {
    Self(
      "cursor", "Where to go on: `next_cursor` of the page before, of the same query.",
      .text.matching("^[A-Za-z0-9_-]+$"), wanted: "the next_cursor of an answer to the same query"
    ) { isGood($0) ? $0 : nil }
  }
}

extension Parameter where Value == Int {
  /// A whole number within a range.
  static func count(_ name: String, _ range: ClosedRange<Int>, _ meaning: String) -> Self {
    Self(
      name, meaning, .count(range), example: String(min(range.upperBound, range.lowerBound + 1)),
      wanted: "a whole number from \(range.lowerBound) to \(range.upperBound)"
    ) { text in Int(text).flatMap { range.contains($0) ? $0 : nil } }
  }

  /// The most entries of a page.
  static func limit(_ most: Int, standard: Int) -> StandardParameter<Int> {
    count("limit", 1...most, "The most entries of the answer.").or(standard, .whole(standard))
  }
}

extension Parameter where Value == Double {
  /// A number within a range.
  static func number(
    _ name: String, _ range: ClosedRange<Double>, _ meaning: String, example: String
  ) -> Self {
    Self(
      name, meaning, .number(range), example: example,
      wanted: "a number from \(range.lowerBound) to \(range.upperBound)"
    ) { text in Double(text).flatMap { range.contains($0) ? $0 : nil } }
  }
}

extension Parameter where Value == Bool {
  /// True or false.
  static func flag(_ name: String, _ meaning: String, example: String) -> Self {
    Self(name, meaning, .flag, example: example, wanted: "true or false") { Bool($0) }
  }
}

extension Parameter where Value == Timestamp {
  /// A moment, as RFC 3339.
  static func moment(_ name: String, _ meaning: String, example: String) -> Self {
    Self(
      name, meaning, .time, example: example,
      wanted: "a time as RFC 3339 has it, such as 2026-11-21T03:00:00Z"
    ) { text in Timestamp(rfc3339: Array(text.utf8)[...]) }
  }
}

extension Parameter where Value == Duration {
  /// A duration as people write it; how long it may be depends on the settings, so the reader is told.
  static func duration(_ name: String, _ meaning: String, example: String) -> Self {
    Self(
      name, meaning, .duration, example: example, wanted: "a duration such as 5m or 1h30m"
    ) { DurationText.parse($0) }
  }

  /// The parameter with what holds where it is not given, for the description alone: the route sees to it.
  func showing(standard: JSONTree) -> Self {
    var copy = self
    copy.described.schema = described.schema.standard(standard)
    return copy
  }
}

extension Parameter {
  /// One of some words.
  static func word(_ name: String, _ words: [(String, Value)], _ meaning: String, example: String? = nil)
    -> Self
  {
    Self(
      name, meaning, .words(words.map(\.0)), example: example ?? words.first?.0,
      wanted: "one of " + words.map(\.0).joined(separator: ", ")
    ) { text in words.first { $0.0 == text }?.1 }
  }
}

extension Parameter where Value: RawRepresentable<String> & CaseIterable {
  /// One of all the words of a type, one of which is meant where none is said.
  static func choice(_ name: String, _ standard: Value, _ meaning: String) -> StandardParameter<Value> {
    word(name, Value.allCases.map { ($0.rawValue, $0) }, meaning, example: standard.rawValue)
      .or(standard, .text(standard.rawValue))
  }
}
