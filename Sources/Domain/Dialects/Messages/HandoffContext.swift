// The context of a handoff as Python agents serialise it, its acknowledgement, and its escalation.
//
// Two defects are known of such agents. Whoever acknowledges may write its own name over the sender's: then sender and
// receiver are one, and who really sent is lost. And what has expired may be sent on as if nothing were.
import Bytes
import Model

enum HandoffContextMarks {
  @Sendable static func areIn(_ message: Marks) -> Bool {
    let content = message.hasAny(
      "original_task", "current_state", "conversation_summary", "key_facts", "decisions_made",
      "collected_data")
    if content, message.hasAny("source_agent", "target_agent", "handoff_id") { return true }
    if message.has("source_agent", "target_agent") || isTurn(message) { return true }
    guard message.has("handoff_id") else { return false }
    return message.has("accepted") || ["accepted", "rejected"].contains(message.word("status"))
      || message.has("escalated_to")
      || EventWord.type(of: (message["event"] ?? message["status"])?.text) != nil
  }

  /// Whether it is a turn as a log of a conversation keeps it.
  @Sendable static func isTurn(_ message: Marks) -> Bool {
    message.has("conversation_id", "role") && message.hasAny("agent", "agent_id")
      && !message.hasAny("handoff_id", "task_id")
  }
}

extension Telling {
  mutating func tellHandoffContext() throws(MessageFault) {
    let at = moment(find("created_at", "timestamp", "acknowledged_at"))
    if message["role"] != nil, message["handoff_id"] == nil, message["target_agent"] == nil {
      return tellTurn(at)
    }
    let acknowledgement = find("accepted", "status")
    let from = Self.identifier(find("source_agent", "from_agent"))
    let to = Self.identifier(find("target_agent", "to_agent", "acknowledged_by"))
    let escalation = Self.identifier(find("escalated_to", "escalation.to"))
    let isAnswer = ["accepted", "rejected"].contains(acknowledgement?.word) || find("accepted") != nil
    let happened = EventWord.type(of: find("event", "status")?.text).flatMap { $0 == .initiated ? nil : $0 }
    let id = Self.identifier(find("handoff_id"))
    guard id != nil || !(isAnswer || escalation != nil || happened != nil) else {
      throw .missing("handoff_id", "an acknowledgement names its handoff; send the id the context had")
    }
    let isOverwritten = from != nil && from?.value == to?.value
    shareContext(id, from: isOverwritten ? nil : from, to: to, at: at)
    if isAnswer { return tellAnswer(acknowledgement, at, overwritten: isOverwritten ? from : nil) }
    if let escalation { return tellEscalation(escalation, at) }
    if let happened { return tellHappening(happened, at) }
    if isOverwritten {
      throw MessageFault(
        .outOfRange, "/source_agent",
        "source_agent is the target_agent: whoever acknowledged wrote its own name over the sender's; send the sender's"
      )
    }
    try checkBeginning()
    try tellContext(at)
  }

  private mutating func shareContext(
    _ id: JSONPlace?, from: JSONPlace?, to: JSONPlace?, at moment: JSONPlace?
  ) {
    let task = Self.identifier(find("task_id"))
    share("handoff_id", id ?? derivedID([task, from, to, moment]), otherwise: "/handoff_id")
    share("task_id", task)
    share("conversation_id", Self.identifier(find("conversation_id", "session_id")))
    share("to_agent", to, otherwise: "/target_agent")
    share("from_agent", from, otherwise: "/source_agent")
  }

  /// What says that something else happened, or nothing at all, begins no handoff.
  private mutating func checkBeginning() throws(MessageFault) {
    if let event = find("event"), EventWord.type(of: event.text) == nil {
      throw MessageFault(.outOfRange, event.pointer, EventWord.advice)
    }
    if let decision = find("should_handoff"), decision.value == .boolean(false) {
      throw MessageFault(
        .outOfRange, decision.pointer, "a decision not to hand off begins no handoff; send those that do")
    }
  }

  private mutating func tellAnswer(_ answer: JSONPlace?, _ at: JSONPlace?, overwritten: JSONPlace?) {
    let isRejection = answer?.word == "rejected" || answer?.value == .boolean(false)
    let words = find("message", "rejection_reason")
    if let overwritten {
      complain(
        "provenance", .warning, "the sender's name was written over with the receiver's",
        at: overwritten.pointer)
    }
    let (version, checksum) = (find("version"), find("checksum", "state_checksum"))
    tell(isRejection ? .rejected : .acknowledged, at: at) { event in
      event.put("envelope.version", version)
      event.put("envelope.checksum", checksum)
      guard isRejection else { return event.note("message", words) }
      event.put("error.message", words)
      event.put("error.type", .text("rejected"), from: answer?.pointer ?? "")
    }
  }

  /// A step of the protocol that the agents report as such.
  private mutating func tellHappening(_ type: EventType, _ at: JSONPlace?) {
    let (error, reason) = (find("error"), find("reason", "message"))
    let original = Self.identifier(find("original_target", "original_target_agent"))
    let tokens = find("prompt_tokens", "token_count")
    tell(type, at: at) { event in
      event.put("envelope.tokens.used", tokens)
      switch type {
      case .failed, .rejected, .escalated:
        Self.put(error ?? reason, into: &event)
      case .rerouted:
        event.put("original_to_agent", original)
        event.note("reroute_reason", reason)
      default: break
      }
    }
  }

  /// A turn of a conversation: how long it was, and a hash of it.
  private mutating func tellTurn(_ at: JSONPlace?) {
    let (role, said) = (find("role"), find("content", "message", "text"))
    share("conversation_id", Self.identifier(find("conversation_id")))
    let agent = Self.identifier(find("agent", "agent_id"))
    tell(.conversationTurn, at: at) { event in
      event.put("agent", agent)
      event.put("role", role?.plain)
      event.put("content", said)
    }
  }

  private mutating func tellEscalation(_ to: JSONPlace, _ at: JSONPlace?) {
    let (depth, ticket) = (
      find("escalation_level", "escalation.depth", "depth"), find("ticket", "ticket_id", "escalation.ticket")
    )
    tell(.escalated, at: at) { event in
      event.put("escalation.to", to)
      event.put("escalation.depth", depth)
      event.put("escalation.ticket", ticket)
    }
  }

  private mutating func tellContext(_ at: JSONPlace?) throws(MessageFault) {
    let expires = moment(find("expires_at"))
    try checkExpiry(expires, after: at)
    let kind = find("handoff_type", "kind")?.plain
    let sizes = size
    let sections = Self.sections(in: [message])
    let facts: [(String, JSONPlace?)] = [
      ("kind", kind), ("reason", find("reason", "handoff_reason")?.plain), ("hop", find("hop", "hop_count")),
      ("parent_handoff_id", Self.identifier(find("parent_handoff_id"))),
      ("original_to_agent", Self.identifier(find("original_target", "original_target_agent"))),
      ("envelope.version", find("version")), ("envelope.checksum", find("checksum", "state_checksum")),
      ("envelope.confidence", find("confidence")),
      ("envelope.expires_at", expires), ("envelope.priority", find("priority")),
      ("escalation.depth", find("escalation_level", "escalation.depth")),
      // What the receiver is prompted with is what the handoff brings.
      ("envelope.tokens.used", find("prompt_tokens", "token_count")),
      ("envelope.tokens.budget", find("max_tokens", "token_budget", "context_window")),
    ]
    let lists = ["key_facts", "decisions_made", "collected_data"].map { ($0, find($0)) }
    let constraints = find("constraints")
    let decision: [(String, JSONPlace?)] = [
      ("decision_source", find("decision_source", "decided_by")?.plain),
      ("rule_name", find("rule_name", "rule", "matched_rule")),
      ("alternative_agent", Self.identifier(find("alternative_agent", "alternative"))),
    ]
    if sections.isEmpty {
      complain("cold_without_context", .warning, "nothing of the task is handed over", at: "")
    }
    tell(.initiated, at: at) { event in
      for (path, fact) in facts { event.put(path, fact) }
      event.put("envelope.bytes", sizes)
      event.put("envelope.sections", sections)
      Self.put(constraints: constraints, into: &event)
      for (name, list) in lists { Self.count(list, as: name, into: &event) }
      for (name, fact) in decision { event.note(name, fact) }
    }
  }

  private func checkExpiry(_ expires: JSONPlace?, after created: JSONPlace?) throws(MessageFault) {
    guard let expires, let text = expires.text, let start = created?.text,
      let end = Timestamp(rfc3339: Array(text.utf8)[...]),
      let begin = Timestamp(rfc3339: Array(start.utf8)[...]),
      end < begin
    else { return }
    throw MessageFault(
      .outOfRange, expires.pointer, "it expires before it was created; send a later expires_at")
  }
}
