// A structured message: an agent says what it did with its task (`action`), and perhaps who is next.
//
//   names a receiver       it begins a handoff to that agent
//   names none             it reports on the handoff that its sender had received
//   failed, escalated      always reported on what the sender had received, so that no failure is silent
//
// Where the message gives no ids, handoffs are named after their task and receiver (and hop, if it is told): then the
// message that begins a handoff and the one that reports on it agree without knowing of each other. The hop is that of
// the handoff that the message begins; where it begins none, that of the one it reports on.
import Bytes
import Model

enum AgentMessageMarks {
  @Sendable static func areIn(_ message: Marks) -> Bool {
    // Without an action it is one that lacks it: nothing else has all of these.
    message.has("payload", "context", "metadata") && message.hasAny("task_id", "from_agent")
      || message.has("action")
        && message.count("task_id", "from_agent", "payload", "context", "metadata") >= 2
  }
}

extension Telling {
  private static let actions = ["completed", "failed", "needs_review", "escalated"]

  mutating func tellAgentMessage() throws(MessageFault) {
    for name in ["task_id", "from_agent", "action", "payload", "context", "metadata"] where find(name) == nil
    {
      throw .missing(
        name, "a message between agents has task_id, from_agent, action, payload, context and metadata")
    }
    for name in ["context", "metadata"] where find(name)?.value.object == nil {
      throw MessageFault(.invalidType, "/\(name)", "the \(name) of a message is an object; send its members")
    }
    let action = find("action")?.word ?? ""
    guard Self.actions.contains(action) else {
      throw MessageFault(
        .outOfRange, "/action", "an action is completed, failed, needs_review or escalated; send one of these"
      )
    }
    keep("action", find("action"))
    let at = moment(
      find(
        "timestamp", "metadata.timestamp", "metadata.completed_at", "metadata.timestamps.completed",
        "metadata.timestamps.sent", "metadata.timestamps.created"))
    share("task_id", Self.identifier(find("task_id")))
    share(
      "conversation_id",
      Self.identifier(find("conversation_id", "context.conversation_id", "metadata.conversation_id")))
    let to = Self.identifier(
      find(
        "to_agent", "next_agent", "context.to_agent", "context.next_agent", "metadata.to_agent",
        "metadata.next_agent"))
    let received = received(isOnlyReport: to == nil)
    let isTrouble = action == "failed" || action == "escalated"
    if isTrouble || to == nil || received.isKnown { tellReport(action, at, received.id) }
    tellFetches(at, of: received.id)
    if let to { tellNext(action, at, to, after: received) }
    if find("payload")?.text != nil {
      complain("payload_typed", .error, "the payload is a raw string; send an object", at: "/payload")
    }
  }

  /// The handoff that the sender had received, and whether the message shows that there was one.
  private mutating func received(isOnlyReport: Bool) -> (id: JSONPlace, isKnown: Bool) {
    let named = find("parent_handoff_id", "in_reply_to", "context.handoff_id", "context.parent_handoff_id")
    if let named = Self.identifier(named ?? (isOnlyReport ? find("handoff_id", "metadata.handoff_id") : nil))
    {
      return (named, true)
    }
    let before = find("context.previous_agent", "context.received_from", "metadata.previous_agent")
    let hop = find("metadata.hop", "context.hop")?.value.integer
    let own = hop.map { isOnlyReport ? $0 : $0 - 1 }
    return (handoffID(to: find("from_agent"), hop: own), before != nil || (hop ?? 0) > 1)
  }

  private func handoffID(to agent: JSONPlace?, hop: Int?) -> JSONPlace {
    let task = message["task_id"]?.identifierText ?? ""
    let name = agent?.identifierText ?? ""
    let id = hop.map { "\(task)/\($0)/\(name)" } ?? "\(task)/\(name)"
    return id.utf8.count <= 256 ? JSONPlace(.text(id)) : derivedID([message["task_id"], agent])
  }

  /// What became of the work that the sender had been given.
  private mutating func tellReport(_ action: String, _ at: JSONPlace?, _ id: JSONPlace) {
    let agent = Self.identifier(find("from_agent"))
    let attempt = attempt()
    let error =
      find("error", "payload.error", "context.error", "metadata.error")
      ?? (action == "failed" ? find("payload") : nil)
    let escalation = find("escalation", "context.escalation", "metadata.escalation")
    let to = Self.identifier(find("to_agent", "next_agent", "escalation.to", "context.escalation.to"))
    let taken = moment(find("metadata.received_at", "metadata.started_at", "metadata.timestamps.started"))
    if let taken {
      tell(.acknowledged, at: taken) { event in
        event.put("handoff_id", id)
        event.put("to_agent", agent)
      }
    }
    let types: [String: EventType] = ["completed": .completed, "failed": .failed, "escalated": .escalated]
    // Whoever asks for a review had the work and did it; otherwise the handoff would be waited for in vain.
    if action == "needs_review", taken == nil {
      tell(.completed, at: at) { event in
        event.put("handoff_id", id)
        event.put("to_agent", agent)
      }
    }
    tell(types[action] ?? .step, at: at) { event in
      event.put("handoff_id", id)
      event.put("to_agent", agent)
      event.put("attempt", attempt)
      switch action {
      case "failed": Self.put(error, into: &event)
      case "escalated":
        event.put("escalation.to", to)
        event.put("escalation.depth", escalation?["depth"])
        event.put("escalation.ticket", escalation?["ticket"])
      case "needs_review":
        event.put("step.name", .text("review"))
        event.put("step.status", .text("needs_review"), from: "/action")
      default: break
      }
    }
    if action == "failed" { judge(error) }
  }

  /// How often the sender asked for all of what it had been given a summary of.
  private mutating func tellFetches(_ at: JSONPlace?, of id: JSONPlace) {
    let asked = find(
      "metadata.full_version_requests", "context.full_version_requests", "metadata.full_version_requested",
      "context.full_version_requested")
    guard let asked, asked.value.isTrue || (asked.value.integer ?? 0) > 0 else { return }
    tell(.step, at: at) { event in
      event.put("handoff_id", id)
      event.put("step.name", .text("full_version"), from: asked.pointer)
      event.put("step.status", .text("completed"))
      event.put("step.count", asked.value.isTrue ? JSONPlace(.number(1), at: asked.pointer) : asked)
    }
  }

  /// A failure should say what kind it is, and what may help.
  private mutating func judge(_ error: JSONPlace?) {
    guard let event = events.last else { return }
    let told = event.object["error"]
    for (name, words) in [("class", "whether trying again may help"), ("hint", "what may help")]
    where told?[name] == nil {
      complain(
        "error_\(name)", .warning, "the failure does not say \(words)", at: error?.pointer ?? "/payload")
    }
  }

  private mutating func attempt() -> JSONPlace? {
    if let attempt = find("metadata.attempt", "metadata.attempt_count", "metadata.attempts") {
      return attempt
    }
    let retries = find(
      "metadata.retries", "metadata.retry_count", "payload.error.retries", "payload.retries")
    guard let retries, let count = retries.value.integer,
      (0..<1_000_000).contains(count)
    else { return nil }
    return JSONPlace(.number(JSONNumber(count + 1)), at: retries.pointer)
  }

  private mutating func tellNext(
    _ action: String, _ at: JSONPlace?, _ to: JSONPlace, after received: (id: JSONPlace, isKnown: Bool)
  ) {
    let from = Self.identifier(find("from_agent"))
    let hop = find("metadata.hop", "context.hop", "hop")
    let id =
      Self.identifier(find("handoff_id", "metadata.handoff_id")) ?? handoffID(to: to, hop: hop?.value.integer)
    let reasons = ["failed": "recovery", "needs_review": "supervision", "escalated": "escalation"]
    let (reason, kind) = (find("reason", "metadata.reason")?.plain, find("metadata.kind", "kind")?.plain)
    let tokens = find("metadata.token_usage", "metadata.tokens")
    let facts: [(String, JSONPlace?)] = [
      ("from_agent", from), ("to_agent", to), ("hop", hop), ("kind", kind),
      ("envelope.version", find("schema_version", "metadata.schema_version", "metadata.version")),
      ("envelope.confidence", find("metadata.confidence", "confidence")),
      ("envelope.priority", find("metadata.priority")),
      ("envelope.deadline", moment(find("metadata.deadline"))),
      ("envelope.strategy", Self.strategy(find("metadata.compression", "context.compression"))),
      (
        "envelope.tokens.used",
        tokens?.first(["used", "total", "total_tokens"]) ?? (tokens?.value.number == nil ? nil : tokens)
      ),
      ("envelope.tokens.budget", tokens?.first(["budget", "max", "limit"])),
    ]
    let (context, sizes) = (find("context"), size)
    let sections = Self.sections(in: [context, find("payload")].compactMap(\.self))
    tell(.initiated, at: at) { event in
      event.put("handoff_id", id)
      for (path, fact) in facts { event.put(path, fact) }
      event.put("reason", reason ?? reasons[action].map { JSONPlace(.text($0), at: "/action") })
      if received.isKnown { event.put("parent_handoff_id", received.id) }
      event.put("envelope.bytes", sizes)
      if !sections.isEmpty { event.put("envelope.sections", sections, from: "/context") }
      Self.put(constraints: context?["constraints"], into: &event)
      Self.count(context?["decision_log"], as: "decisions", into: &event)
      event.note("schema", context?["schema_version"])
    }
  }
}
