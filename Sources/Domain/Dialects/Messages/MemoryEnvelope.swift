// Envelopes of agents that share a memory: they carry references, and the receiver resolves them.
//
// How complete the context is follows from what could not be resolved. A list of references alone says only how many
// were asked for; a share is told once the receiver says what is missing. Beside envelopes there are the reports of the
// client that delivers them: attempts that failed, its breaker, what it parked.
import Bytes
import Model

enum MemoryEnvelopeMarks {
  static let reports = [
    "attempt_failed", "ack_timeout", "circuit_opened", "circuit_closed", "fast_failed", "parked", "delivered",
    "acknowledged", "exhausted", "lazy_fetch", "full_version",
  ]

  @Sendable static func areIn(_ message: Marks) -> Bool {
    if message.hasAny("envelope_version", "token_count", "include_recent", "include_pins", "task_summary") {
      return true
    }
    if message.hasAny("target_agent", "receivers"), message.hasAny("memory_refs", "memory_references") {
      return true
    }
    return message.has("target_agent")
      && (message.word("event") ?? message.word("status")).map(reports.contains) == true
  }
}

extension Telling {
  mutating func tellMemoryEnvelope() throws(MessageFault) {
    let report = (find("event") ?? find("status"))?.word
    let to = Self.identifier(find("target_agent", "to_agent"))
    let from = sender()
    let at = moment(find("created_at", "timestamp", "sent_at"))
    let task = Self.identifier(find("task_id", "task_context.task_id", "task_context.id"))
    let id = Self.identifier(find("handoff_id", "envelope_id", "id"))
    share("handoff_id", id ?? derivedID([task, from, to, at]))
    share("task_id", task)
    share("conversation_id", Self.identifier(find("conversation_id", "session_id")))
    share("from_agent", from, otherwise: "/from_agent")
    share("to_agent", to, otherwise: "/target_agent")
    share("agent", to, otherwise: "/target_agent")
    if let report, MemoryEnvelopeMarks.reports.contains(report) {
      guard id != nil || report.hasPrefix("circuit") || report == "fast_failed" else {
        throw .missing("handoff_id", "a report of a delivery names its handoff; send the id the envelope had")
      }
      return tellDelivery(report, at)
    }
    tellEnvelope(at)
  }

  /// Who sends it: it says so, or was the last to do anything.
  private mutating func sender() -> JSONPlace? {
    let last = find("execution_history")?.elements.last
    return Self.identifier(find("from_agent", "source_agent", "sender") ?? last?["agent"])
  }

  private mutating func tellEnvelope(_ at: JSONPlace?) {
    let sizes = size
    let sections = Self.sections(in: [message, find("task_context") ?? message])
    let references = references()
    let facts: [(String, JSONPlace?)] = [
      ("parent_handoff_id", Self.identifier(find("parent_handoff_id"))),
      ("hop", find("hop", "hop_count")), ("reason", find("reason")?.plain),
      ("kind", find("kind", "handoff_type")?.plain),
      ("receivers", find("receivers")), ("group_id", Self.identifier(find("group_id"))),
      ("envelope.version", find("envelope_version", "version")),
      ("envelope.previous", Self.identifier(find("previous_envelope", "previous_envelope_id", "previous"))),
      ("envelope.checksum", find("checksum")),
      ("envelope.strategy", Self.strategy(find("strategy", "packing", "compression"))),
      ("envelope.tokens.used", find("token_count", "tokens_used")),
      ("envelope.tokens.budget", find("max_tokens", "token_budget")),
      ("envelope.tokens.trimmed", find("tokens_trimmed", "trimmed_tokens")),
      ("envelope.confidence", find("confidence")), ("envelope.priority", find("priority")),
      ("envelope.deadline", moment(find("deadline"))), ("envelope.expires_at", moment(find("expires_at"))),
    ]
    let (history, constraints) = (find("execution_history"), find("constraints", "guardrails"))
    let counted = [
      ("execution_history", history), ("recent", find("recent", "recent_memories")),
      ("pins", find("pins", "pinned_context")), ("task_state", find("task_state")),
    ]
    let channel = find("channel")
    let pattern = pattern(channel)
    tell(.initiated, at: at) { event in
      for (path, fact) in facts { event.put(path, fact) }
      event.put("pattern", pattern)
      event.put("envelope.bytes", sizes)
      event.put("envelope.sections", sections)
      for (path, fact) in references { event.put(path, fact) }
      Self.put(constraints: constraints, into: &event)
      event.note("channel", channel)
      for (name, list) in counted where list?.value.isEmpty == false {
        Self.count(list, as: name, into: &event)
      }
    }
  }

  private func pattern(_ channel: JSONPlace?) -> JSONPlace? {
    if let said = message["pattern"] { return said.plain }
    let hint = channel ?? message["receivers"]
    return hint.map { JSONPlace(.text("broadcast"), at: $0.pointer) }
  }

  /// What was asked for and what came of it: as told, or counted, each with where it stands.
  private mutating func references() -> [(path: String, fact: JSONPlace)] {
    let missing = find("missing_refs", "missing_references", "unresolved_refs", "missing")
    guard let list = find("memory_refs", "memory_references") else { return [] }
    guard case .array(let all) = list.value else { return [("envelope.memory_refs", list)] }
    let asked = Set(all.map { $0.bytes(.canonical) })
    let marked = all.filter { $0["resolved"] == .boolean(false) || $0["missing"] == .boolean(true) }
    let gone = Set((missing?.value.elements ?? marked).map { $0.bytes(.canonical) })
    // Where what is missing was left out of the list, it was asked for all the same.
    let requested = asked.union(gone).count
    func counted(_ name: String, _ count: Int) -> (path: String, fact: JSONPlace) {
      ("envelope.memory_refs.\(name)", JSONPlace(.number(JSONNumber(count)), at: list.pointer))
    }
    guard missing != nil || all.contains(where: { $0["resolved"] != nil || $0["missing"] != nil }) else {
      return [counted("requested", requested)]
    }
    let names = (missing?.value.elements ?? marked).compactMap {
      $0.text ?? $0["id"]?.text ?? $0["memory_id"]?.text
    }
    let told = JSONPlace(.array(names.map { .text($0) }), at: missing?.pointer ?? list.pointer)
    return [
      counted("requested", requested), counted("resolved", requested - gone.count),
      ("envelope.memory_refs.missing", told),
    ]
  }

  /// The receiver asks for what it was not sent: one reference after another, or all of what was summarised.
  private mutating func tellFetch(_ report: String, _ at: JSONPlace?) {
    let count = find("count") ?? find("refs").map { JSONPlace(Self.count(of: $0), at: $0.pointer) }
    let duration = find("duration_ms")
    tell(.step, at: at) { event in
      event.put("step.name", .text(report), from: "/event")
      event.put("step.status", .text("completed"))
      event.put("step.count", count)
      event.put("step.duration_ms", duration)
    }
  }

  private mutating func tellDelivery(_ report: String, _ at: JSONPlace?) {
    let (error, reason) = (find("error", "last_error"), find("reason", "park_reason"))
    let attempt = find("attempt", "attempts")
    let reset = moment(find("reset_at", "open_until")) ?? reopening(find("cooldown", "cooldown_seconds"), at)
    let backoff = find("backoff_ms")
    let seconds = find("backoff", "backoff_seconds")
    switch report {
    case "circuit_opened": tell(.circuitOpened, at: at) { $0.put("reset_at", reset) }
    case "circuit_closed": tell(.circuitClosed, at: at)
    case "fast_failed": tell(.circuitSkipped, at: at)
    case "delivered", "acknowledged":
      let (version, checksum) = (find("envelope_version", "version"), find("checksum"))
      let references = references()
      let gaps = [("degraded", find("degraded")), ("missing_refs", find("missing_refs", "missing"))]
      tell(.acknowledged, at: at) { event in
        event.put("envelope.version", version)
        event.put("envelope.checksum", checksum)
        // Without what was missing it says nothing that the envelope had not said.
        if references.count > 1 { for (path, fact) in references { event.put(path, fact) } }
        for (name, fact) in gaps { event.note(name, fact) }
      }
    case "lazy_fetch", "full_version": tellFetch(report, at)
    case "parked":
      tell(.parked, at: at) { event in
        event.put("park_reason", reason)
        event.put("attempt", attempt)
        Self.put(error, into: &event)
      }
    default:
      tell(report == "exhausted" ? .failed : .attemptFailed, at: at) { event in
        event.put("attempt", attempt)
        event.put("backoff_ms", backoff)
        if backoff == nil, let seconds, let value = seconds.value.number {
          event.put(
            "backoff_ms", .number(JSONNumber(Int(min(max(value, 0), 1e9) * 1000))), from: seconds.pointer)
        }
        Self.put(error ?? reason, into: &event)
        if report == "ack_timeout" { event.put("error.type", .text("timeout"), from: "/event") }
      }
    }
  }

  /// When a breaker lets something through again that says only for how many seconds it will not.
  private func reopening(_ seconds: JSONPlace?, _ opened: JSONPlace?) -> JSONPlace? {
    guard let seconds, let count = seconds.value.number, (0...1e9).contains(count), let opened,
      let start = opened.text.flatMap({ Timestamp(rfc3339: Array($0.utf8)[...]) })
    else { return nil }
    let end = Timestamp(microseconds: start.microseconds + Int64(count * 1e6))
    return JSONPlace(.text(end.text), at: seconds.pointer)
  }
}
