import Bytes

/// A JSON value whose members keep their order, for a document that people read too.
enum JSONTree: Sendable {
  case null
  case flag(Bool)
  case whole(Int)
  case number(Double)
  case text(String)
  case array([JSONTree])
  case object([(name: String, value: JSONTree)])
}

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  init(stringLiteral value: String) { self = .text(value) }
  init(integerLiteral value: Int) { self = .whole(value) }
  init(floatLiteral value: Double) { self = .number(value) }
  init(booleanLiteral value: Bool) { self = .flag(value) }
  init(arrayLiteral elements: JSONTree...) { self = .array(elements) }
  init(dictionaryLiteral members: (String, JSONTree)...) {
    self = .object(members.map { (name: $0.0, value: $0.1) })
  }
  init(nilLiteral: ()) { self = .null }
}

extension JSONTree {
  /// An array of texts.
  static func texts(_ texts: [String]) -> JSONTree { .array(texts.map { .text($0) }) }

  /// Its JSON text.
  var bytes: [UInt8] {
    var writer = JSONWriter(capacity: 1024)
    writer.tree(self)
    return writer.bytes
  }
}

extension JSONWriter {
  /// A value with all that is in it.
  fileprivate mutating func tree(_ tree: JSONTree) {
    switch tree {
    case .null: null()
    case .flag(let value): flag(value)
    case .whole(let value): integer(value)
    case .number(let value): number(value)
    case .text(let value): text(value)
    case .array(let elements): array(elements) { $0.tree($1) }
    case .object(let members):
      object {
        for (name, value) in members {
          $0.key(name)
          $0.tree(value)
        }
      }
    }
  }
}
