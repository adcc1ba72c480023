import Analytics

/// What the members of events mean, in words.
enum EventMeanings {
  /// What is said of a member by its path.
  static func meaning(of path: String) -> String? { all[path] }

  private static let all: [String: String] = people.merging(course) { $1 }.merging(context) { $1 }
    .merging(parts) { $1 }

  private static func such(as words: [String]) -> String {
    words.filter { $0 != "other" }.joined(separator: ", ")
  }

  private static let people = [
    "schema_version": "The version of the form of events: any 1.x.",
    "event_id": "Makes a resend the same event; derived from the content where it is absent.",
    "type": "What happened.",
    "occurred_at": "When: RFC 3339 with any offset, or seconds, from 1e11 on milliseconds; absent: now.",
    "handoff_id": "Which handoff.", "task_id": "The task it belongs to.",
    "conversation_id": "The conversation it belongs to.",
    "parent_handoff_id": "The handoff that this one comes from.",
    "from_agent": "Who hands off.", "to_agent": "Who is to take over.",
    "original_to_agent": "Who was to take over before it went elsewhere.",
    "agent": "Whom an event of an agent, a task or a turn is about; of a circuit, the target.",
    "reporter": "Whose breaker reports.",
    "receivers": "The receivers of a broadcast: a handoff begins for each.",
    "role": "Of a turn: who spoke, as in user or assistant.", "text": "Of a turn: what was said.",
    "content": "Of a turn: what was said.", "length": "Of a turn: how long it was.",
    "hash": "Of a turn: the hash of what was said.",
  ]

  private static let course = [
    "attempt": "Which attempt, from 1.", "hop": "How many handoffs deep.",
    "kind": "Such as \(such(as: HandoffKind.allCases.map(\.name))).",
    "pattern": "Such as \(such(as: HandoffPattern.allCases.map(\.name))).",
    "reason": "Such as \(such(as: HandoffReason.allCases.map(\.name))).",
    "group_id": "What the handoffs of a broadcast share.",
    "receiver_count": "How many receivers a broadcast has.",
    "park_reason": "Why it was parked.", "fallback_index": "Which of the fallbacks it went to.",
    "backoff_ms": "How long until the next attempt.", "reset_at": "Until when a circuit stays open.",
    "trace_id": "The trace it belongs to.", "span_id": "The span it belongs to.",
    "user_id": "On whose behalf it is made.",
    "resources": "What is held for the work: an object or a list of kinds and ids.",
    "shared_context": "Which state of the context that the agents of its task share.",
    "envelope": "What was handed over.", "error": "What went wrong.", "rollback": "What was undone.",
    "validation": "What was checked.", "escalation": "Where it was escalated to.", "step": "A step of it.",
    "health": "How an agent is.", "attributes": "Whatever else is to be kept.",
  ]

  private static let context = [
    "envelope.version": "The version of the envelope's form.",
    "envelope.previous": "The handoff whose envelope this one was made from.",
    "envelope.bytes": "How large it is.", "envelope.raw_bytes": "How large it was before it was packed.",
    "envelope.strategy": "Such as \(such(as: EnvelopeStrategy.allCases.map(\.name))).",
    "envelope.tokens": "How many tokens it takes.", "envelope.memory_refs": "What it refers to.",
    "envelope.sections": "Of \(such(as: EnvelopeSection.allCases.map(\.name))).",
    "envelope.checksum": "sha256: and the digest of the state in it.",
    "envelope.constraints_hash": "What stays the same while the constraints do.",
    "envelope.constraint_hashes": "The same of each of them: so what is gone is told from what is new.",
    "envelope.confidence": "How sure the sender is.", "envelope.deadline": "When the work must be done.",
    "envelope.expires_at": "Until when it may be taken.", "envelope.priority": "How much it matters.",
    "tokens.budget": "How many there may be.", "tokens.used": "How many there are.",
    "tokens.trimmed": "How many were left out.", "memory_refs.requested": "How many were asked for.",
    "memory_refs.resolved": "How many were found.", "memory_refs.missing": "Which were not found.",
  ]

  private static let parts = [
    "error.class": "Such as \(such(as: ErrorClass.allCases.map(\.name))).",
    "error.type": "Such as timeout.", "error.message": "What it says.",
    "error.attempted": "What was tried.", "error.hint": "What may help.",
    "rollback.steps": "Each with action, status and error.", "validation.valid": "Whether all is well.",
    "validation.results": "Each with rule, passed, severity and message.",
    "validation.duration_ms": "How long it took.",
    "escalation.depth": "How far up.", "escalation.to": "To whom.", "escalation.ticket": "Where it is noted.",
    "step.name": "Which step; lazy_fetch and full_version are what the receiver had to ask for.",
    "step.status": "What became of it.", "step.duration_ms": "How long it took.",
    "step.count": "How many were fetched.",
    "shared_context.version": "Grows with each write: a number, or numbers with points between.",
    "shared_context.based_on": "The version that its writer had read.",
    "shared_context.schema": "The version of its form.",
    "shared_context.hash": "What stays the same while it does.",
    "shared_context.written_by": "Who wrote it last.", "shared_context.written_at": "When.",
    "shared_context.writers": "Who may write it.",
    "shared_context.decisions": "How many decisions its log holds.",
    "shared_context.tasks": "How many tasks wait in its queue.",
    "health.status": "Such as \(such(as: HealthStatus.reported.map(\.name))).",
    "health.cpu": "How busy it is.", "health.memory_mb": "How much memory it takes.",
    "health.response_ms": "How long it takes to answer.", "health.queue_depth": "How much waits for it.",
    "health.error_rate": "How much of what it does fails.", "health.issues": "What is wrong with it.",
  ]
}
