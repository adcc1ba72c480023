public import Bytes
import Model

/// An event that a message means, and where in the message each of its facts came from.
public struct ForeignEvent: Sendable {
  /// What happened.
  let type: EventType
  /// The event as the API takes it.
  public private(set) var object = JSONObject()
  /// The most bytes of what is kept as it was sent.
  static let largestNote = 2 << 10
  private var origins: [(place: String, origin: String)] = []

  init(_ type: EventType) {
    self.type = type
    object["type"] = .text(type.name)
  }

  /// The event's JSON.
  public var bytes: [UInt8] { JSONValue.object(object).bytes() }

  /// Where in the message that stands which the event has at `pointer`.
  public func origin(of pointer: String) -> String {
    let best = origins.filter { pointer == $0.place || pointer.hasPrefix($0.place + "/") }
      .max { $0.place.utf8.count < $1.place.utf8.count }
    guard let best else { return "" }
    return best.origin + pointer.dropFirst(best.place.count)
  }

  /// Takes a fact over; a path such as `envelope.tokens.used` says where to.
  ///
  /// Where the message has none, it should have been found at `otherwise`.
  mutating func put(_ path: String, _ fact: JSONPlace?, otherwise: String? = nil) {
    if let fact {
      put(path, fact.value, from: fact.pointer)
    } else if let otherwise {
      origins.append((Self.pointer(path), otherwise))
    }
  }

  /// Puts down a fact that was worked out of what stands at `origin`.
  mutating func put(_ path: String, _ value: JSONValue?, from origin: String = "") {
    guard let value else { return }
    Self.put(value, path.split(separator: ".").map(String.init)[...], into: &object)
    origins.append((Self.pointer(path), origin))
  }

  /// Puts a member of `attributes` down, whatever its name, unless it is large.
  mutating func note(_ name: String, _ fact: JSONPlace?) {
    guard let fact, fact.value.bytes().count <= Self.largestNote else { return }
    Self.put(fact.value, ["attributes", name], into: &object)
    origins.append((JSONPointer.to(name, in: "/attributes"), fact.pointer))
  }

  private static func pointer(_ path: String) -> String { "/" + path.replacing(".", with: "/") }

  private static func put(_ value: JSONValue, _ path: ArraySlice<String>, into object: inout JSONObject) {
    guard let name = path.first else { return }
    guard path.count > 1 else { return object[name] = value }
    var inner = object[name]?.object ?? JSONObject()
    put(value, path.dropFirst(), into: &inner)
    object[name] = .object(inner)
  }
}
