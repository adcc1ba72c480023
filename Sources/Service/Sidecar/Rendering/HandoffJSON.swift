import Bytes
import Model

extension JSONWriter {
  /// A handoff as the API shows it; unknown facts are null.
  mutating func handoff(_ id: String, _ record: HandoffRecord, _ clock: HandoffClock) {
    object { $0.handoffMembers(id, record, clock) }
  }

  /// The members of a handoff, for an object that may have more.
  mutating func handoffMembers(_ id: String, _ record: HandoffRecord, _ clock: HandoffClock) {
    let life = record.life
    member("handoff_id", id)
    facts(
      record,
      [
        ("task_id", .taskID), ("conversation_id", .conversationID), ("parent_handoff_id", .parentHandoffID),
        ("from_agent", .fromAgent), ("to_agent", .toAgent), ("original_to_agent", .originalToAgent),
        ("kind", .kind), ("pattern", .pattern), ("reason", .reason), ("group_id", .groupID),
        ("receiver_count", .receiverCount), ("user_id", .userID),
      ])
    member("state", life.state?.name)
    member("overdue", flag: life.isOverdue(by: clock))
    member("attempts", life.attempts)
    member("exhausted", flag: record.isExhausted(life))
    facts(record, [("hop", .hop)])
    times(of: life)
    member("completeness", record.completeness)
    context(of: record)
    facts(
      record,
      [
        ("escalation", .escalation), ("rollback", .rollback), ("validation", .validation),
        ("park_reason", .parkReason), ("fallback_index", .fallbackIndex), ("trace_id", .traceID),
        ("span_id", .spanID), ("resources", .resources),
        ("shared_context", .sharedContext),
      ])
    member("source", record.source?.name)
    member("inferred", flag: record.isInferred)
  }

  private mutating func times(of life: HandoffLife) {
    member("first_event_at", life.firstEventAt)
    member("initiated_at", life.initiatedAt)
    member("acknowledged_at", life.acknowledgedAt)
    member("ended_at", life.endedAt)
    member("ack_latency_seconds", life.acknowledgementLatency.map { Double($0) / 1e6 })
    member("duration_seconds", life.duration.map { Double($0) / 1e6 })
  }

  private mutating func context(of record: HandoffRecord) {
    whole("memory_refs", record, .memoryRefs) {
      $0.facts(
        record,
        [("requested", .memoryRequested), ("resolved", .memoryResolved), ("missing", .memoryMissing)])
    }
    whole("tokens", record, .tokens) {
      $0.facts(record, [("budget", .tokensBudget), ("used", .tokensUsed), ("trimmed", .tokensTrimmed)])
      $0.member("utilization", record.tokenUtilization)
    }
    envelope(of: record)
    whole("error", record, .error) {
      $0.facts(
        record,
        [
          ("class", .errorClass), ("type", .errorType), ("message", .errorMessage),
          ("attempted", .errorAttempted), ("hint", .errorHint),
        ])
    }
  }

  private mutating func envelope(of record: HandoffRecord) {
    let leaves: [(String, FactID)] = [
      ("version", .envelopeVersion), ("previous", .envelopePrevious), ("bytes", .envelopeBytes),
      ("raw_bytes", .envelopeRawBytes), ("strategy", .envelopeStrategy), ("sections", .envelopeSections),
      ("checksum", .envelopeChecksum), ("constraints_hash", .envelopeConstraintsHash),
      ("constraint_hashes", .envelopeConstraintHashes),
      ("confidence", .envelopeConfidence), ("deadline", .envelopeDeadline),
      ("expires_at", .envelopeExpiresAt),
      ("priority", .envelopePriority),
    ]
    key("envelope")
    guard leaves.contains(where: { record.range(of: $0.1) != nil }) else { return null() }
    object {
      $0.facts(record, leaves)
      $0.member("compression_ratio", record.compressionRatio)
    }
  }

  /// A fact that stands as a whole, with its parts; null where no event brought it.
  private mutating func whole(
    _ name: String, _ record: HandoffRecord, _ head: FactID, _ parts: (inout Self) -> Void
  ) {
    key(name)
    if record.range(of: head) != nil { object(parts) } else { null() }
  }

  private mutating func facts(_ record: HandoffRecord, _ names: [(String, FactID)]) {
    for (name, id) in names {
      key(name)
      let isKnown = record.withValue(of: id) { form, value in
        if form == .text { text(utf8: value) } else { raw(value) }
      }
      if !isKnown { null() }
    }
  }
}

/// The moment at which handoffs are looked at, and when they are overdue.
struct HandoffClock: Sendable {
  var now: Timestamp
  /// In microseconds.
  var overdueAfter: Int64
}

extension HandoffLife {
  /// Whether it was sent and is neither acknowledged nor ended within the timeout.
  func isOverdue(by clock: HandoffClock) -> Bool {
    guard acknowledgedAt == nil, endedAt == nil, let initiatedAt else { return false }
    return clock.now.microseconds - initiatedAt.microseconds > clock.overdueAfter
  }
}
