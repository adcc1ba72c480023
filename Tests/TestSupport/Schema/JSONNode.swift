import Foundation

/// A JSON value as a test looks at it; read by Foundation, which shares no code with what is tested.
public enum JSONNode: Equatable, Sendable, Decodable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case array([JSONNode])
  case object([String: JSONNode])

  /// Reads a whole JSON text.
  public init(json bytes: some Sequence<UInt8>) throws {
    let data = Data(bytes)
    do {
      self = try JSONDecoder().decode(JSONNode.self, from: data)
    } catch {
      throw TestFailure("not JSON: \(String(decoding: data.prefix(500), as: UTF8.self))")
    }
  }

  /// Reads whatever comes.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let array = try? value.decode([JSONNode].self) {
      self = .array(array)
    } else {
      self = .object(try value.decode([String: JSONNode].self))
    }
  }

  /// The member of an object.
  public subscript(_ name: String) -> JSONNode? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// The members of an object; none of anything else.
  public var members: [String: JSONNode] {
    if case .object(let members) = self { members } else { [:] }
  }

  /// The elements of an array; none of anything else.
  public var elements: [JSONNode] {
    if case .array(let elements) = self { elements } else { [] }
  }

  /// The text, if it is one.
  public var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  /// The number, if it is one.
  public var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  /// As a text that a query or a path takes.
  public var plain: String {
    switch self {
    case .text(let text): text
    case .flag(let flag): String(flag)
    case .number(let number): Int(exactly: number).map(String.init) ?? String(number)
    case .array(let elements): elements.map(\.plain).joined(separator: ",")
    case .null, .object: ""
    }
  }

  /// As JSON, members by name.
  public var json: [UInt8] {
    switch self {
    case .null: Array("null".utf8)
    case .flag(let flag): Array(String(flag).utf8)
    case .number: Array(plain.utf8)
    case .text(let text): Self.quoted(text)
    case .array(let elements): [0x5B] + elements.map(\.json).joined(separator: [0x2C]) + [0x5D]
    case .object(let members):
      [0x7B]
        + members.sorted { $0.key < $1.key }.map { Self.quoted($0.key) + [0x3A] + $0.value.json }
        .joined(separator: [0x2C]) + [0x7D]
    }
  }

  private static func quoted(_ text: String) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(text)).map(Array.init) ?? []
  }
}
