import Bytes
import Model
import Store

/// A handoff as a line of comma-separated values; the names are the paths of the JSON.
public enum HandoffColumns {
  /// The names in order.
  public static let names = ["handoff_id"] + columns.map(\.name)

  private enum Value: Sendable {
    case fact(FactID)
    case time(@Sendable (HandoffLife) -> Timestamp?)
    case number(@Sendable (HandoffRecord, HandoffLife) -> Double?)
    case word(@Sendable (HandoffRecord, HandoffLife, HandoffClock) -> String?)
  }

  private static let columns: [(name: String, value: Value)] = people + life + context + rest

  private static let people: [(name: String, value: Value)] = [
    ("task_id", .fact(.taskID)), ("conversation_id", .fact(.conversationID)),
    ("parent_handoff_id", .fact(.parentHandoffID)), ("from_agent", .fact(.fromAgent)),
    ("to_agent", .fact(.toAgent)), ("original_to_agent", .fact(.originalToAgent)), ("kind", .fact(.kind)),
    ("pattern", .fact(.pattern)), ("reason", .fact(.reason)),
  ]

  private static let life: [(name: String, value: Value)] = [
    ("state", .word { _, life, _ in life.state?.name }),
    ("overdue", .word { _, life, clock in life.isOverdue(by: clock) ? "true" : "false" }),
    ("attempts", .number { _, life in Double(life.attempts) }),
    ("exhausted", .word { record, life, _ in record.isExhausted(life) ? "true" : "false" }),
    ("hop", .fact(.hop)),
    ("first_event_at", .time(\.firstEventAt)), ("initiated_at", .time(\.initiatedAt)),
    ("acknowledged_at", .time(\.acknowledgedAt)), ("ended_at", .time(\.endedAt)),
    ("ack_latency_seconds", .number { _, life in life.acknowledgementLatency.map { Double($0) / 1e6 } }),
    ("duration_seconds", .number { _, life in life.duration.map { Double($0) / 1e6 } }),
  ]

  private static let context: [(name: String, value: Value)] = [
    ("completeness", .number { record, _ in record.completeness }),
    ("memory_refs.requested", .fact(.memoryRequested)), ("memory_refs.resolved", .fact(.memoryResolved)),
    ("memory_refs.missing", .fact(.memoryMissing)), ("tokens.budget", .fact(.tokensBudget)),
    ("tokens.used", .fact(.tokensUsed)), ("tokens.trimmed", .fact(.tokensTrimmed)),
    ("tokens.utilization", .number { record, _ in record.tokenUtilization }),
    ("envelope.version", .fact(.envelopeVersion)), ("envelope.bytes", .fact(.envelopeBytes)),
    ("envelope.strategy", .fact(.envelopeStrategy)),
  ]

  private static let rest: [(name: String, value: Value)] = [
    ("error.class", .fact(.errorClass)), ("error.type", .fact(.errorType)),
    ("error.message", .fact(.errorMessage)), ("error.hint", .fact(.errorHint)),
    ("park_reason", .fact(.parkReason)), ("trace_id", .fact(.traceID)),
    ("source", .word { record, _, _ in record.source?.name }),
    ("inferred", .word { record, _, _ in record.isInferred ? "true" : "false" }),
  ]

  /// The line of names.
  static func header(_ line: inout CSVLine) {
    for name in names { line.add(name) }
    line.end()
  }

  /// The line of a handoff.
  static func line(_ handoff: StoredHandoff, _ clock: HandoffClock, _ line: inout CSVLine) {
    let record = handoff.record
    let life = record.life
    line.add(handoff.id)
    for (_, value) in columns {
      switch value {
      case .fact(let fact):
        let isKnown = record.withValue(of: fact) { form, value in
          if form == .text { line.add(value) } else { line.add(json: value) }
        }
        if !isKnown { line.skip() }
      case .time(let moment): line.add(moment(life))
      case .number(let number): line.add(number(record, life))
      case .word(let word): line.add(word(record, life, clock))
      }
    }
    line.end()
  }
}
