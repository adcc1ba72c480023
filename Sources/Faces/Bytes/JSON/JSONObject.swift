/// The members of a JSON object, in the order in which they were written.
///
/// A member is looked for one after another: objects here have few.
public struct JSONObject: Sendable {
  /// A name and its value.
  public struct Member: Equatable, Sendable {
    /// The name.
    public var name: String
    /// The value.
    public var value: JSONValue

    /// A member of that name.
    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The members.
  public private(set) var members: [Member]

  /// An object with these members, each name once.
  public init(_ members: [Member] = []) { self.members = members }

  /// Whether it has no members.
  public var isEmpty: Bool { members.isEmpty }

  /// The members by name.
  public var sorted: [Member] { members.sorted { $0.name < $1.name } }

  /// The value of a member; nil where there is none.
  ///
  /// To set nil takes the member away.
  public subscript(_ name: String) -> JSONValue? {
    get { place(of: name).map { members[$0].value } }
    set {
      switch (place(of: name), newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil): members.remove(at: place)
      case (nil, let value?): members.append(Member(name, value))
      case (nil, nil): break
      }
    }
  }

  /// By bytes: texts that only look alike are different names.
  private func place(of name: String) -> Int? {
    members.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
  }
}

extension JSONObject: Equatable, ExpressibleByDictionaryLiteral {
  /// An object with these members.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    members = elements.map { Member($0.0, $0.1) }
  }

  /// Objects are equal by their members, in whatever order.
  public static func == (left: Self, right: Self) -> Bool {
    left.members.count == right.members.count && left.members.allSatisfy { right[$0.name] == $0.value }
  }
}
