/// A JSON value, for the answers of a sidecar: small, read once, not trusted.
enum JSONValue: Equatable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// Reads a whole text; nil for anything that is not JSON or is nested deeper than 64.
  init?(_ bytes: [UInt8]) {
    guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
    var reader = JSONReader(bytes)
    guard let value = reader.value(depth: 0), reader.isAtEnd else { return nil }
    self = value
  }

  /// The member of an object.
  subscript(_ key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  /// The text, if it is one.
  var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  /// The number, if it is a whole one that fits.
  var integer: Int? {
    if case .number(let number) = self { Int(exactly: number) } else { nil }
  }

  /// The number.
  var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  /// Whether it is true.
  var isTrue: Bool { self == .boolean(true) }

  /// Whether it says nothing.
  var isNull: Bool { self == .null }

  /// The value at the end of a path such as `memory_refs.requested`; null where there is none.
  func at(_ path: String) -> JSONValue {
    path.split(separator: ".").reduce(self) { $0[String($1)] ?? .null }
  }

  /// The elements; none for anything that is not a list.
  var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }
}
