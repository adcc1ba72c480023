import Model

/// An object whose members have a meaning.
enum Shape: UInt8 {
  /// Any object: its members mean nothing here.
  case any
  case event
  case envelope
  case tokens
  case memoryRefs
  case error
  case rollback
  case validation
  case escalation
  case step
  case health
  case sharedContext
}

/// What the value of a known member must be.
enum FieldRule {
  /// The type of the event.
  case type
  /// The version of the event's schema.
  case schemaVersion
  /// The time of the event.
  case occurredAt
  /// A string of 1 to 256 bytes without control characters: what is looked for later.
  case identifier
  /// The same, but what names the event or its handoff must not be a secret.
  case key
  /// A string of up to 256 bytes; an empty one says nothing.
  case name
  /// A string of up to 4 KiB.
  case text
  /// A string of up to 4 KiB, or other JSON.
  case textOrAny
  /// A string of up to 256 bytes, or a number.
  case nameOrNumber
  /// A whole number not below zero.
  case count
  /// A whole number not below zero of bytes, tokens or references.
  case quantity
  /// A number not below zero.
  case measure
  /// RFC 3339, or a number of seconds or milliseconds.
  case time
  case boolean
  /// A list of strings.
  case strings
  /// A list.
  case list
  /// An object of a known shape.
  case object(Shape)
  /// A list of the receivers of a broadcast.
  case receivers
  /// What the client knows beside.
  case attributes
  /// What was said in a turn of a conversation.
  case turnText
  case any
}

/// What to do with a member that is known.
struct FieldUse {
  var rule: FieldRule
  var fact: FactID?
  var role = FieldRole.none
  /// Whether it belongs to turns of conversations alone: elsewhere it is a stranger, and may be anything.
  var isOfTurn = false
}

/// A member that is known.
struct KnownField {
  var shape: Shape
  var name: String
  var use: FieldUse

  init(
    _ shape: Shape, _ name: String, _ rule: FieldRule, _ fact: FactID? = nil, role: FieldRole = .none,
    isOfTurn: Bool = false
  ) {
    self.shape = shape
    self.name = name
    use = FieldUse(rule: rule, fact: fact, role: role, isOfTurn: isOfTurn)
  }
}

/// The part that a member plays in judging the event as a whole.
enum FieldRole: UInt8 {
  case none
  /// It is left out of the content hash.
  case eventID
  case handoffID
  case taskID
  case conversationID
  case agent
  case fromAgent
  case toAgent
  case groupID
  case receiverCount
  case attempt
  case occurredAt
  case requested
  case resolved
  case turnLength
  case turnHash

  var bit: UInt32 { 1 << UInt32(rawValue) }
}
