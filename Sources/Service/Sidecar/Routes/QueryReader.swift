import HTTPServer
import Wording

/// Reads the parameters of a query: each is known and stands once, and its value is possible.
struct QueryReader {
  private var values: [String: String] = [:]
  /// What is wrong, a sentence each; empty while all is well.
  private(set) var faults: [Problem.Item] = []

  /// Takes the parameters of a request, of which only these may be there.
  init(_ request: Request, _ parameters: [any QueryParameter]) {
    self.init(request, known: parameters.map(\.described.name))
  }

  /// Takes the parameters of a request, of which only `known` may be there.
  init(_ request: Request, known: [String]) {
    self.init(request.query, known: known)
  }

  /// Takes parameters, of which only `known` may be there.
  init(_ query: [RequestTarget.Parameter], known: [String]) {
    for parameter in query {
      if !known.contains(parameter.name) {
        let names = known.isEmpty ? "it takes none" : "it takes " + known.joined(separator: ", ")
        fail(parameter.name, "unknown_parameter", "there is no such parameter here; \(names)")
      } else if values.updateValue(parameter.value, forKey: parameter.name) != nil {
        fail(parameter.name, "duplicate_parameter", "the parameter stands more than once")
      }
    }
  }

  /// The value of a parameter; nil where it is absent, or impossible.
  mutating func read<Value>(_ parameter: Parameter<Value>) -> Value? {
    read(parameter.name, parameter.wanted, parameter.parse)
  }

  /// The value of a parameter that must be there.
  mutating func need<Value>(_ parameter: Parameter<Value>) -> Value? {
    if values[parameter.name] == nil {
      fail(parameter.name, "missing_parameter", "write \(parameter.wanted)")
    }
    return read(parameter)
  }

  /// The value of a parameter, or what holds where it is absent.
  mutating func read<Value>(_ parameter: StandardParameter<Value>) -> Value {
    read(parameter.parameter) ?? parameter.standard
  }

  /// The value of a parameter within a range that is only known now.
  mutating func read(_ parameter: Parameter<Duration>, within range: ClosedRange<Duration>) -> Duration? {
    let words =
      "a duration from \(DurationText.show(range.lowerBound)) to \(DurationText.show(range.upperBound)), such as 5m"
    return read(parameter.name, words) { text in
      parameter.parse(text).flatMap { range.contains($0) ? $0 : nil }
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
