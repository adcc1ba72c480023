import Analytics
import Decoding
import Model

extension Schema {
  /// Events as they are sent: what is known of their members is what the decoder knows.
  static let events: [(String, Schema)] =
    [("Event", event), ("EventMembers", members(of: "event", turn: false).open)] + kinds + parts

  private static let event = oneOf(kinds.map { named($0.0) }).meaning(
    "Something that happened. Members that are not known are kept under `attributes`.")

  private static let kinds: [(String, Schema)] = [
    (
      "HandoffInitiated",
      allOf([
        kind([.initiated], required: ["handoff_id", "from_agent"]),
        anyOf([object([], required: ["to_agent"]), object([], required: ["receivers"])]),
      ]).meaning("A handoff was sent to its receiver, or one to each of several.")
    ),
    (
      "HandoffEvent",
      kind(EventType.allCases.filter { $0.subject == .handoff && $0 != .initiated }, required: ["handoff_id"])
    ),
    ("AgentEvent", kind(EventType.allCases.filter { $0.subject == .agent }, required: ["agent"])),
    ("TaskEvent", kind(EventType.allCases.filter { $0.subject == .task }, required: ["task_id"])),
    (
      "ConversationTurn",
      allOf([
        kind(EventType.allCases.filter { $0.subject == .conversation }, required: ["conversation_id"]),
        members(of: "event", turn: true),
      ]).meaning("The text of a turn is kept only where that is switched on; its length and hash always are.")
    ),
  ]

  private static func kind(_ types: [EventType], required: [String]) -> Schema {
    allOf([
      named("EventMembers"),
      object([("type", words(types.map(\.name)))], required: ["type"] + required),
    ])
  }

  /// The objects that events have places for.
  private static let parts: [(String, Schema)] = partNames.map { owner, name in
    (name, members(of: owner, turn: false).open)
  }

  private static let partNames = [
    ("envelope", "Envelope"), ("tokens", "Tokens"), ("memory_refs", "MemoryReferences"), ("error", "Error"),
    ("rollback", "Rollback"), ("validation", "Validation"), ("escalation", "Escalation"), ("step", "Step"),
    ("health", "Health"), ("shared_context", "SharedContext"),
  ]

  private static func members(of owner: String, turn: Bool) -> Schema {
    object(
      EventMember.all.filter { $0.owner == owner && $0.isOfTurn == turn }.map { member in
        let path = owner == "event" ? member.name : "\(owner).\(member.name)"
        let schema = Schema(member)
        return (member.name, EventMeanings.meaning(of: path).map { schema.meaning($0) } ?? schema)
      })
  }

  private init(_ member: EventMember) {
    // A byte is at most a character, so lengths in bytes bound lengths in characters.
    switch member.value {
    case .type: self = .words(EventType.allCases.map(\.name))
    case .version: self = .anyOf([.text.matching(#"^1(\.[0-9.]*)?$"#), .number]).orNull
    case .text(let bytes): self = Schema.text(bytes).orNull
    case .textOrNumber(let bytes): self = .anyOf([.text(bytes), .number]).orNull
    case .whole(let range): self = Schema.count(Int(range.lowerBound)...Int(range.upperBound)).orNull
    case .number(let range): self = Schema.number(range).orNull
    case .time: self = .anyOf([.time, .number]).orNull
    case .boolean: self = Schema.flag.orNull
    case .texts(let bytes, let most?): self = Schema.list(.text(bytes), 0...most).orNull
    case .texts(let bytes, nil): self = Schema.list(.text(bytes)).orNull
    case .list: self = Schema.list(.anything).orNull
    case .object(let owner):
      self = Self.partNames.first { $0.0 == owner }.map { Schema.named($0.1).orNull } ?? Schema.object.orNull
    case .attributes: self = Schema.object.orNull
    case .any: self = .anything
    }
  }
}
