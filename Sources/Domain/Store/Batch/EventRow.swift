import Hashing
import Model
import Postgres
import Spool

/// The columns of the two logs.
enum EventRow {
  static let handoffColumns = """
    handoff_id, event_id, occurred_at, received_at, spool_id, sequence, slot, type, flags, source, content, body
    """
  static let subjectColumns = """
    subject, kind, event_id, occurred_at, received_at, spool_id, sequence, slot, type, flags, source, content, \
    agent, task_id, conversation_id, body
    """

  /// Writes the new events of a handoff as rows of COPY.
  static func write(
    _ group: HandoffGroup, of plan: MergePlan, spool: SpoolID, into buffer: inout WireBuffer
  ) -> Int {
    var rows = 0
    plan.forEachItem(of: group) { number in
      if plan.outcomes[number] != .new { return }
      let item = plan.item(number)
      buffer.beginRow(fields: 12)
      buffer.field(group.id)
      buffer.field(item.frame.value(of: .eventID))
      buffer.common(item, spool)
      buffer.field(item.frame.body)
      rows += 1
    }
    return rows
  }

  /// Writes an event about an agent, a task or a conversation as a row of COPY.
  static func write(
    _ item: BatchItem, about subject: EventSubject, spool: SpoolID, into buffer: inout WireBuffer
  ) {
    buffer.beginRow(fields: 16)
    buffer.field(subject.id)
    buffer.field(subject.kind)
    buffer.field(item.frame.value(of: .eventID))
    buffer.common(item, spool)
    buffer.field(item.frame.value(of: .agent))
    buffer.field(item.frame.value(of: .taskID))
    buffer.field(item.frame.value(of: .conversationID))
    buffer.field(item.frame.body)
  }
}

extension WireBuffer {
  fileprivate mutating func common(_ item: BatchItem, _ spool: SpoolID) {
    field(microsecondsSince1970: item.frame.occurredAt.microseconds)
    field(microsecondsSince1970: item.receivedAt.microseconds)
    field(uuid: spool.high, spool.low)
    field(Int64(bitPattern: item.sequence))
    field(item.slot)
    field(item.frame.type.name)
    field(Int16(item.frame.flags.rawValue))
    field(Int16(item.frame.source.rawValue))
    field(Int64(bitPattern: item.frame.contentHash.low))
  }
}

/// What an event is about, if not a handoff.
struct EventSubject: Sendable {
  /// `agent`, `task` or `conversation`.
  var kind: String
  /// Which one.
  var id: ArraySlice<UInt8>

  /// The subject of an event; nil where the event does not name it.
  init?(_ frame: EventFrame) {
    let (kind, fact): (String, FactID) =
      switch frame.type.subject {
      case .agent: ("agent", .agent)
      case .task: ("task", .taskID)
      case .conversation: ("conversation", .conversationID)
      case .handoff: ("handoff", .handoffID)
      }
    guard let id = frame.value(of: fact) else { return nil }
    self.kind = kind
    self.id = id
  }
}
