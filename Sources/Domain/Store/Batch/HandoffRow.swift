import Bytes
import Model
import Postgres

/// The columns of `handoffs`, in the order of the type `handoff_row`.
enum HandoffRow {
  static let columns = """
    handoff_id, version, task_id, conversation_id, parent_handoff_id, from_agent, to_agent, original_to_agent, \
    kind, pattern, reason, group_id, state, troubled_state, error_class, error_type, inferred, hop, attempts, \
    event_count, first_event_at, last_event_at, initiated_at, acknowledged_at, ended_at, ack_latency_us, \
    duration_us, refs_requested, refs_resolved, completeness, tokens_budget, tokens_used, tokens_trimmed, merge, \
    rolled, user_id, holds, strategy
    """
  static let count: Int32 = 38

  /// Writes the records of some groups as one array of `handoff_row`, whose number is `type`.
  static func write(
    _ groups: some Sequence<Int>, of plan: MergePlan, type: TypeID, into buffer: inout WireBuffer,
    with scratch: inout ByteWriter
  ) {
    let start = buffer.beginArray(of: type)
    var rows = 0
    for group in groups {
      let head = buffer.count
      buffer.put(Int32(0))
      buffer.put(count)
      write(plan.groups[group], into: &buffer, with: &scratch)
      buffer.patch(Int32(clamping: buffer.count - head - 4), at: head)
      rows += 1
    }
    buffer.endArray(at: start, elements: rows)
  }

  private static func write(
    _ group: HandoffGroup, into buffer: inout WireBuffer, with scratch: inout ByteWriter
  ) {
    let record = group.record
    let life = group.life ?? record.life
    buffer.text(group.id)
    buffer.int8(group.version &+ 1)
    for id in texts { buffer.text(record.value(of: id)) }
    buffer.text(life.state?.name)
    buffer.text(life.state.flatMap { $0.isTroubled ? $0.name : nil })
    buffer.text(record.value(of: .errorClass))
    buffer.text(record.value(of: .errorType))
    buffer.put(TypeID.bool.rawValue)
    buffer.field(record.isInferred)
    buffer.int4(record.integer(of: .hop).flatMap { Int32(exactly: $0) })
    buffer.int4(Int32(clamping: life.attempts))
    buffer.int4(Int32(clamping: record.eventCount))
    for moment in [life.firstEventAt, life.lastEventAt, life.initiatedAt, life.acknowledgedAt, life.endedAt] {
      buffer.time(moment)
    }
    buffer.int8(life.acknowledgementLatency)
    buffer.int8(life.duration)
    buffer.int8(record.integer(of: .memoryRequested))
    buffer.int8(record.integer(of: .memoryResolved))
    buffer.put(TypeID.float8.rawValue)
    buffer.field(record.completeness)
    buffer.int8(record.integer(of: .tokensBudget))
    buffer.int8(record.integer(of: .tokensUsed))
    buffer.int8(record.integer(of: .tokensTrimmed))
    scratch.removeAll()
    record.code(into: &scratch)
    buffer.put(TypeID.bytea.rawValue)
    buffer.field(scratch.bytes)
    buffer.put(TypeID.int2.rawValue)
    buffer.field(group.rolled.rawValue)
    buffer.text(record.value(of: .userID))
    buffer.put(TypeID.bool.rawValue)
    buffer.field(record.value(of: .resources) != nil)
    buffer.text(record.value(of: .envelopeStrategy))
  }

  private static let texts: [FactID] = [
    .taskID, .conversationID, .parentHandoffID, .fromAgent, .toAgent, .originalToAgent, .kind, .pattern,
    .reason, .groupID,
  ]
}

extension HandoffState {
  /// Whether a handoff in this state is one of the few that something is the matter with.
  ///
  /// These alone have an index by state: the others are too many for one, and change too often.
  var isTroubled: Bool {
    switch self {
    case .prepared, .initiated, .acknowledged, .completed: false
    default: true
    }
  }
}

extension WireBuffer {
  fileprivate mutating func text(_ value: ArraySlice<UInt8>?) {
    put(TypeID.text.rawValue)
    field(value)
  }

  fileprivate mutating func text(_ value: String?) {
    put(TypeID.text.rawValue)
    field(value)
  }

  fileprivate mutating func int8(_ value: Int64?) {
    put(TypeID.int8.rawValue)
    field(value)
  }

  fileprivate mutating func int4(_ value: Int32?) {
    put(TypeID.int4.rawValue)
    field(value)
  }

  fileprivate mutating func time(_ value: Timestamp?) {
    put(TypeID.timestamptz.rawValue)
    field(microsecondsSince1970: value?.microseconds)
  }
}
