// Dialects: messages that agents send one another anyway, and the events they mean.
//
//   message → which dialect? → what it tells, as events → read like any other event
//
// - A message is known by its fields, or the sender names its dialect. What has the type of an event is an event.
// - Translating is a function of the message alone: no clock, no memory. Each event gets an id made of the
//   message's own, or of its content, so that a message sent twice tells nothing twice.
// - Facts are taken over as they were written, each with the place it came from: what is wrong with one is
//   said of the message that the client knows, not of the event it never saw.
// - Content stays where it is. Of state, memory and payload only sizes, counts and hashes go into events.
// - What a message claims and its own parts contradict is told as a result that did not pass
//   (`handoff.validated`); what cannot be a handoff at all is refused.
public import Bytes
import Model

/// A shape of message that is understood though it is no event.
public enum Dialect: String, CaseIterable, Sendable {
  /// What an orchestrator passes on and keeps: packages with state, records of a handoff, reports of its parts.
  case orchestrator
  /// An envelope with references into a shared memory, and what its sender says of its delivery.
  case memoryEnvelope = "memory_envelope"
  /// The context of a handoff in so many words, and its acknowledgement.
  case handoffContext = "handoff_context"
  /// The record of a coordinated handoff with its steps, and of the task it moves.
  case coordination
  /// A message with an action, in which an agent says how its work went and who is next.
  case agentMessage = "agent_message"

  /// The dialect a message is written in; nil where its fields are of none.
  public static func of(_ message: JSONValue) -> Dialect? {
    guard case .object(let object) = message, !isMeantAsEvent(object) else { return nil }
    let message = Marks(object)
    return recognition.first { $0.marks(message) }?.dialect
  }

  /// In this order: what is more particular comes first.
  private static let recognition: [(dialect: Dialect, marks: @Sendable (Marks) -> Bool)] = [
    (.agentMessage, AgentMessageMarks.areIn), (.coordination, CoordinationMarks.areIn),
    (.memoryEnvelope, MemoryEnvelopeMarks.areIn), (.handoffContext, HandoffContextMarks.areIn),
    (.orchestrator, OrchestratorMarks.areIn),
  ]

  /// Whether it names a type as events do, be it misspelt, or the version of their schema.
  private static func isMeantAsEvent(_ object: JSONObject) -> Bool {
    if object["schema_version"] != nil { return true }
    guard let type = object["type"]?.text else { return false }
    return ["handoff.", "circuit.", "agent.", "task.", "conversation."].contains { type.hasPrefix($0) }
  }

  /// The events that a message of this dialect means, in their order.
  public func events(of message: JSONValue) throws(MessageFault) -> [ForeignEvent] {
    guard case .object = message else {
      throw MessageFault(.invalidJSON, "", "a message is a JSON object")
    }
    var telling = Telling(message, in: self)
    telling.shareOwner()
    telling.noteSharedContext()
    switch self {
    case .orchestrator: try telling.tellOrchestration()
    case .memoryEnvelope: try telling.tellMemoryEnvelope()
    case .handoffContext: try telling.tellHandoffContext()
    case .coordination: try telling.tellCoordination()
    case .agentMessage: try telling.tellAgentMessage()
    }
    return telling.finish()
  }
}

/// What a message is recognised by: which members it has, and what some of them say.
struct Marks {
  private let object: JSONObject
  private let names: Set<String>

  init(_ object: JSONObject) {
    self.object = object
    names = Set(object.members.lazy.filter { !$0.value.isNull }.map(\.name))
  }

  /// How many of these members it has.
  func count(_ names: String...) -> Int { names.count { self.names.contains($0) } }

  /// Whether it has any of these members.
  func hasAny(_ names: String...) -> Bool { names.contains { self.names.contains($0) } }

  /// Whether it has all of these members.
  func has(_ names: String...) -> Bool { names.allSatisfy { self.names.contains($0) } }

  /// Whether it has no others than these.
  func hasOnly(_ names: Set<String>) -> Bool { self.names.isSubset(of: names) }

  /// The value of a member.
  subscript(_ name: String) -> JSONValue? { object[name] }

  /// The word a member says, in lower case and with underscores.
  func word(_ name: String) -> String? { object[name]?.text.map(Word.plain) }
}

/// Words as protocols spell them: `IN_PROGRESS`, `Load Shedding` and `HandoffReason.RECOVERY` are plain words too.
enum Word {
  static func plain(_ text: String) -> String {
    let last = text.split(separator: ".").last.map(String.init) ?? text
    return last.lowercased().replacing("-", with: "_").replacing(" ", with: "_")
  }
}
