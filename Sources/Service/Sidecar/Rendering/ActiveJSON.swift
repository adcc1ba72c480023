import Analytics
import Bytes
import Model

extension JSONWriter {
  /// An open handoff as this sidecar remembers it; what it does not keep is null.
  mutating func handoff(_ active: ActiveHandoff, now: Timestamp) {
    object {
      $0.people(of: active)
      $0.life(of: active)
      $0.nulls(Self.forgotten)
      $0.member("age_seconds", Self.age(since: active.initiatedAt ?? active.firstEventAt, now))
    }
  }

  private mutating func people(of active: ActiveHandoff) {
    member("handoff_id", active.handoffID)
    member("task_id", active.taskID)
    nulls(["conversation_id", "parent_handoff_id"])
    member("from_agent", active.fromAgent)
    member("to_agent", active.toAgent)
    nulls(["original_to_agent"])
    member("kind", active.kind?.name)
    member("pattern", active.pattern?.name)
    member("reason", active.reason?.name)
    nulls(["group_id", "receiver_count", "user_id"])
  }

  private mutating func life(of active: ActiveHandoff) {
    member("state", active.state?.name)
    member("overdue", flag: active.isOverdue)
    member("attempts", active.attempts)
    // What is given up has ended.
    member("exhausted", flag: false)
    member("hop", active.hop)
    member("first_event_at", active.firstEventAt)
    member("initiated_at", active.initiatedAt)
    member("acknowledged_at", active.acknowledgedAt)
  }

  /// What only the record knows.
  private static let forgotten = [
    "ended_at", "ack_latency_seconds", "duration_seconds", "completeness", "memory_refs", "tokens",
    "envelope",
    "error", "escalation", "rollback", "validation", "park_reason", "fallback_index", "trace_id", "span_id",
    "resources", "shared_context", "source", "inferred",
  ]

  private mutating func nulls(_ names: [String]) {
    for name in names {
      key(name)
      null()
    }
  }

  /// Seconds since a moment.
  static func age(since moment: Timestamp, _ now: Timestamp) -> Double {
    Double(max(0, now.microseconds &- moment.microseconds)) / 1e6
  }
}
