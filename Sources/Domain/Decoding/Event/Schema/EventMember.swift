/// A member that events have a place for, as a description of events needs it.
///
/// These are the members that the decoder knows, so a description that is made of them cannot say more or less.
public struct EventMember: Sendable {
  /// What the value may be; null says as much as leaving the member out.
  public enum Value: Sendable {
    /// The name of a type of event.
    case type
    /// The version of the event's form.
    case version
    /// A text of that many bytes.
    case text(bytes: ClosedRange<Int>)
    /// A text of that many bytes, or a number.
    case textOrNumber(bytes: ClosedRange<Int>)
    /// A whole number.
    case whole(ClosedRange<Int64>)
    /// A number.
    case number(ClosedRange<Double>)
    /// RFC 3339, or a number of seconds or milliseconds.
    case time
    case boolean
    /// A list of texts of that many bytes each.
    case texts(bytes: ClosedRange<Int>, most: Int?)
    /// A list of anything.
    case list
    /// An object whose own members are known under that name.
    case object(String)
    /// An object of anything.
    case attributes
    case any
  }

  /// What it is a member of: `event`, or the name of an object.
  public let owner: String
  /// Its name.
  public let name: String
  /// What its value may be.
  public let value: Value
  /// Whether it has that meaning in turns of conversations alone.
  public let isOfTurn: Bool

  /// All there are, in their order.
  public static let all: [EventMember] = KnownField.all.map { field in
    EventMember(
      owner: field.shape.name, name: field.name, value: Value(field.use.rule, DecodingSettings()),
      isOfTurn: field.use.isOfTurn)
  }
}

extension EventMember.Value {
  fileprivate init(_ rule: FieldRule, _ settings: DecodingSettings) {
    let name = settings.longestName
    switch rule {
    case .type: self = .type
    case .schemaVersion: self = .version
    case .identifier, .key: self = .text(bytes: 1...name)
    case .name: self = .text(bytes: 0...name)
    case .text: self = .text(bytes: 0...settings.longestText)
    case .nameOrNumber: self = .textOrNumber(bytes: 0...name)
    case .count: self = .whole(0...EventReader.largestCount)
    case .quantity: self = .whole(0...EventReader.largestQuantity)
    case .measure: self = .number(0...Double(EventReader.largestQuantity))
    case .occurredAt, .time: self = .time
    case .boolean: self = .boolean
    case .strings: self = .texts(bytes: 0...name, most: nil)
    case .receivers: self = .texts(bytes: 1...name, most: settings.mostReceivers)
    case .list: self = .list
    case .object(let shape): self = .object(shape.name)
    case .attributes: self = .attributes
    case .textOrAny, .turnText, .any: self = .any
    }
  }
}

extension Shape {
  /// What its objects are called: as the member of an event that holds one.
  fileprivate var name: String {
    switch self {
    case .memoryRefs: "memory_refs"
    case .sharedContext: "shared_context"
    default: "\(self)"
    }
  }
}
