/// A value with the pointer that leads to it from the text it is a part of.
public struct JSONPlace: Equatable, Sendable {
  /// The value.
  public var value: JSONValue
  /// Where it stands.
  public var pointer: String

  /// A value at that place; the whole text's without a pointer.
  public init(_ value: JSONValue, at pointer: String = "") {
    self.value = value
    self.pointer = pointer
  }

  /// A member, unless it is null or not there.
  public subscript(_ name: String) -> JSONPlace? {
    guard let member = value[name], !member.isNull else { return nil }
    return JSONPlace(member, at: JSONPointer.to(name, in: pointer))
  }

  /// What a path such as `context.sessionId` leads to, unless it is null or not there.
  public func at(_ path: String) -> JSONPlace? {
    path.split(separator: ".").reduce(Optional(self)) { $0?[String($1)] }
  }

  /// The first of several paths that leads to something.
  public func first(_ paths: [String]) -> JSONPlace? {
    for path in paths {
      if let place = at(path) { return place }
    }
    return nil
  }

  /// The elements; none for anything that is not a list.
  public var elements: [JSONPlace] {
    value.elements.enumerated().map { JSONPlace($0.element, at: JSONPointer.to($0.offset, in: pointer)) }
  }

  /// The members; none for anything that is not an object.
  public var members: [(name: String, place: JSONPlace)] {
    (value.object?.members ?? []).map {
      ($0.name, JSONPlace($0.value, at: JSONPointer.to($0.name, in: pointer)))
    }
  }

  /// The text, if it is one.
  public var text: String? { value.text }
}
