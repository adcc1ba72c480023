import HTTPServer
import Model

/// Reads the parameters of a query: each is known and stands once, and its value is possible.
struct QueryReader {
  private var values: [String: String] = [:]
  /// What is wrong, a sentence each; empty while all is well.
  private(set) var faults: [Problem.Item] = []

  /// Takes the parameters of a request, of which only `known` may be there.
  init(_ request: Request, known: [String]) {
    for parameter in request.query {
      if !known.contains(parameter.name) {
        let names = known.isEmpty ? "it takes none" : "it takes " + known.joined(separator: ", ")
        fail(parameter.name, "unknown_parameter", "there is no such parameter here; \(names)")
      } else if values.updateValue(parameter.value, forKey: parameter.name) != nil {
        fail(parameter.name, "duplicate_parameter", "the parameter stands more than once")
      }
    }
  }

  /// The value as it is; nil where the parameter is absent.
  mutating func text(_ name: String) -> String? {
    guard let value = values[name] else { return nil }
    if value.isEmpty || value.utf8.count > 256 || value.utf8.contains(0) {
      fail(name, "invalid_value", "write 1 to 256 bytes without NUL")
      return nil
    }
    return value
  }

  /// A whole number within a range.
  mutating func count(_ name: String, _ range: ClosedRange<Int>) -> Int? {
    read(name, "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
      Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A number within a range.
  mutating func number(_ name: String, _ range: ClosedRange<Double>) -> Double? {
    read(name, "a number from \(range.lowerBound) to \(range.upperBound)") { text in
      Double(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// true or false.
  mutating func flag(_ name: String) -> Bool? {
    read(name, "true or false") { Bool($0) }
  }

  /// A moment, as RFC 3339.
  mutating func moment(_ name: String) -> Timestamp? {
    read(name, "a time as RFC 3339 has it, such as 2026-11-21T03:00:00Z") { text in
      Timestamp(rfc3339: Array(text.utf8)[...])
    }
  }

  /// One of some words.
  mutating func word<Word>(_ name: String, _ words: [(String, Word)]) -> Word? {
    read(name, "one of " + words.map(\.0).joined(separator: ", ")) { text in
      words.first { $0.0 == text }?.1
    }
  }

  /// The value as `parse` sees it.
  mutating func read<Value>(_ name: String, _ wanted: String, _ parse: (String) -> Value?) -> Value? {
    guard let text = values[name] else { return nil }
    if let value = parse(text) { return value }
    fail(name, "invalid_value", "write \(wanted)")
    return nil
  }

  /// The answer to a query with faults; nil where it has none.
  var refusal: Response? {
    guard !faults.isEmpty else { return nil }
    return .problem(Problem(status: 400, detail: "the query cannot be understood", errors: faults))
  }

  private mutating func fail(_ name: String, _ code: String, _ message: String) {
    let shown = String(decoding: name.utf8.prefix(64), as: UTF8.self)
    faults.append(Problem.Item(pointer: shown, code: code, message: message))
  }
}
