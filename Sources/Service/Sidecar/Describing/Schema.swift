/// What a JSON value may be: a JSON Schema of the draft that OpenAPI 3.1 goes by, with the few keywords that are needed here.
struct Schema: Sendable {
  private(set) var members: [(name: String, value: JSONTree)]

  private init(_ members: [(name: String, value: JSONTree)]) {
    self.members = members
  }

  /// It as a part of a document.
  var tree: JSONTree { .object(members) }

  private func adding(_ name: String, _ value: JSONTree) -> Schema {
    Schema(members.filter { $0.name != name } + [(name: name, value: value)])
  }

  /// What the value means.
  func meaning(_ text: String) -> Schema { adding("description", .text(text)) }

  /// What holds where the value is not given.
  func standard(_ value: JSONTree) -> Schema { adding("default", value) }

  /// Values to start from.
  func examples(_ values: JSONTree...) -> Schema { adding("examples", .array(values)) }

  /// The same, or null.
  var orNull: Schema {
    guard let place = members.firstIndex(where: { $0.name == "type" }),
      case .text(let type) = members[place].value, !members.contains(where: { $0.name == "enum" })
    else { return Schema([("anyOf", [tree, ["type": "null"]])]) }
    var copy = self
    copy.members[place].value = .texts([type, "null"])
    return copy
  }
}

// MARK: values

extension Schema {
  /// Any value at all.
  static let anything = Schema([])

  /// True or false.
  static let flag = Schema([("type", "boolean")])

  /// Null.
  static let null = Schema([("type", "null")])

  /// A text of any length.
  static let text = Schema([("type", "string")])

  /// A text that is not empty.
  static let filledText = Schema([("type", "string"), ("minLength", 1)])

  /// A text of that many characters.
  static func text(_ length: ClosedRange<Int>) -> Schema {
    Schema([
      ("type", "string"), ("minLength", .whole(length.lowerBound)), ("maxLength", .whole(length.upperBound)),
    ])
  }

  /// A text that matches a regular expression.
  func matching(_ pattern: String) -> Schema { adding("pattern", .text(pattern)) }

  /// The same, without NUL: what may stand in a path or a query.
  var withoutNUL: Schema { matching(#"^[^\u0000]*$"#) }

  /// A time as RFC 3339 has it, with any offset.
  static let time = Schema([("type", "string"), ("format", "date-time")])

  /// A time as the sidecar writes it: RFC 3339, in UTC, with microseconds.
  static let moment = time.matching(#"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"#)

  /// A duration as people write it.
  static let duration = text.matching(#"^([0-9]+(w|d|h|ms|m|s))+$"#).examples("5m", "1h30m", "90d")

  /// One of some words.
  static func words(_ words: [String]) -> Schema {
    Schema([("type", "string"), ("enum", .texts(words))])
  }

  /// A whole number within a range.
  static func count(_ range: ClosedRange<Int>) -> Schema {
    Schema([
      ("type", "integer"), ("minimum", .whole(range.lowerBound)), ("maximum", .whole(range.upperBound)),
    ])
  }

  /// A whole number not below zero.
  static let count = Schema([("type", "integer"), ("minimum", 0)])

  /// A number.
  static let number = Schema([("type", "number")])

  /// A number within a range.
  static func number(_ range: ClosedRange<Double>) -> Schema {
    Schema([
      ("type", "number"), ("minimum", .number(range.lowerBound)), ("maximum", .number(range.upperBound)),
    ])
  }

  /// A number not below zero.
  static let measure = Schema([("type", "number"), ("minimum", 0)])

  /// A part of a whole.
  static let share = number(0...1)
}

// MARK: what is put together

extension Schema {
  /// What was sent as a text or as a number, as it was sent; null where it was not.
  static let textOrNumber = anyOf([text, number, null])

  /// A list of values of one kind.
  static func list(_ element: Schema) -> Schema {
    Schema([("type", "array"), ("items", element.tree)])
  }

  /// A list of that many values of one kind.
  static func list(_ element: Schema, _ count: ClosedRange<Int>) -> Schema {
    list(element).adding("minItems", .whole(count.lowerBound)).adding("maxItems", .whole(count.upperBound))
  }

  /// An object of values of one kind by names of any kind.
  static func map(_ value: Schema) -> Schema {
    Schema([("type", "object"), ("additionalProperties", value.tree)])
  }

  /// An object that may hold anything.
  static let object = Schema([("type", "object"), ("additionalProperties", true)])

  /// An object all of whose members are always there, as in the answers of the sidecar: what is unknown is null.
  static func whole(_ properties: [(String, Schema)]) -> Schema {
    object(properties, required: properties.map(\.0))
  }

  /// An object with some members that are always there.
  static func object(_ properties: [(String, Schema)], required: [String] = []) -> Schema {
    var members: [(name: String, value: JSONTree)] = [("type", "object")]
    if !required.isEmpty { members.append(("required", .texts(required))) }
    members.append(("properties", .object(properties.map { (name: $0.0, value: $0.1.tree) })))
    return Schema(members)
  }

  /// The object may have members that are not described.
  var open: Schema { adding("additionalProperties", true) }

  /// The one of that name among the document's own.
  static func named(_ name: String) -> Schema {
    Schema([("$ref", .text("#/components/schemas/\(name)"))])
  }

  /// What exactly one of several allows.
  static func oneOf(_ schemas: [Schema]) -> Schema { Schema([("oneOf", .array(schemas.map(\.tree)))]) }

  /// What any of several allows.
  static func anyOf(_ schemas: [Schema]) -> Schema { Schema([("anyOf", .array(schemas.map(\.tree)))]) }

  /// What all of several allow.
  static func allOf(_ schemas: [Schema]) -> Schema { Schema([("allOf", .array(schemas.map(\.tree)))]) }
}
