/// A JSON value as a tree, for what is small or read once.
///
/// Events on their way in are never made into one: there are too many of them.
public enum JSONValue: Equatable, Sendable {
  /// Null.
  case null
  /// True or false.
  case boolean(Bool)
  /// A number, as it was written.
  case number(JSONNumber)
  /// A string.
  case text(String)
  /// An array.
  case array([JSONValue])
  /// An object, its members in the order in which they were written.
  case object(JSONObject)

  /// Reads a whole text; nil for anything that is not JSON or is nested deeper than 64.
  public init?(_ bytes: [UInt8]) {
    var reader = JSONReader(bytes)
    guard let value = try? reader.document() else { return nil }
    self = value
  }
}

extension JSONValue {
  /// The member of an object.
  public subscript(_ name: String) -> JSONValue? { object?[name] }

  /// The object, if it is one.
  public var object: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  /// The text, if it is one.
  public var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  /// The number, if it is a whole one that fits.
  public var integer: Int? {
    if case .number(let number) = self { number.integer } else { nil }
  }

  /// The number, if a double can hold it.
  public var number: Double? {
    if case .number(let number) = self { number.double } else { nil }
  }

  /// The elements; none for anything that is not a list.
  public var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }

  /// Whether it is true.
  public var isTrue: Bool { self == .boolean(true) }

  /// Whether it says nothing.
  public var isNull: Bool {
    if case .null = self { true } else { false }
  }

  /// Whether there is nothing in it: null, an empty text, list or object.
  public var isEmpty: Bool {
    switch self {
    case .null: true
    case .text(let text): text.isEmpty
    case .array(let elements): elements.isEmpty
    case .object(let object): object.isEmpty
    case .boolean, .number: false
    }
  }

  /// The value at the end of a path such as `memory_refs.requested`; null where there is none.
  public func at(_ path: String) -> JSONValue {
    path.split(separator: ".").reduce(self) { $0[String($1)] ?? .null }
  }
}

/// A number as it was written, so that none of its digits is lost.
public struct JSONNumber: Sendable {
  /// As JSON writes it.
  public let text: String

  /// A number that JSON would write like this.
  init(unchecked text: String) { self.text = text }

  /// A whole number.
  public init(_ value: some BinaryInteger) { text = String(value) }

  /// Its value; nil where no double is near it.
  public var double: Double? {
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// Its value, if it is whole and fits.
  public var integer: Int? { Int(text) ?? double.flatMap { Int(exactly: $0) } }
}

extension JSONNumber: Equatable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  /// A whole number.
  public init(integerLiteral value: Int) { self.init(value) }

  /// A number with a fraction.
  public init(floatLiteral value: Double) { text = value.description }

  /// Numbers are equal by value, however they are written.
  public static func == (left: Self, right: Self) -> Bool {
    left.text == right.text || (left.double != nil && left.double == right.double)
  }
}
