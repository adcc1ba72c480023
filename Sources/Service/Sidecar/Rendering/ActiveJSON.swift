import Analytics
import Bytes
import Model

extension JSONWriter {
  /// An open handoff as this sidecar remembers it; what it does not keep is null.
  mutating func handoff(_ active: ActiveHandoff, now: Timestamp) {
    object { $0.members(of: active, now) }
  }

  private mutating func members(of active: ActiveHandoff, _ now: Timestamp) {
    member("handoff_id", active.handoffID)
    member("task_id", active.taskID)
    member("from_agent", active.fromAgent)
    member("to_agent", active.toAgent)
    member("kind", active.kind?.name)
    member("pattern", active.pattern?.name)
    member("reason", active.reason?.name)
    member("state", active.state?.name)
    member("overdue", flag: active.isOverdue)
    member("attempts", active.attempts)
    member("hop", active.hop)
    member("first_event_at", active.firstEventAt.text)
    member("initiated_at", active.initiatedAt?.text)
    member("acknowledged_at", active.acknowledgedAt?.text)
    member("age_seconds", age(since: active.initiatedAt ?? active.firstEventAt, now))
  }

  private func age(since moment: Timestamp, _ now: Timestamp) -> Double {
    Double(max(0, now.microseconds - moment.microseconds)) / 1e6
  }
}
