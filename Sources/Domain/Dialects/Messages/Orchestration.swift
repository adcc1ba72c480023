// What a JavaScript orchestrator passes on: packages (state and context), its record of each handoff, the calls of
// its hooks, and the word of whoever wrapped it.
//
// The wrapper's word is not trusted: an orchestrator that catches its own errors answers `success: true` for what has
// failed within. Only failure is believed of it; success is a step, and the handoff ends with what ends it.
import Bytes
import Model

enum OrchestratorMarks {
  @Sendable static func areIn(_ message: Marks) -> Bool {
    if EventWord.isOfHandoff((message["event"] ?? message["hook"])?.text) || isHook(message["type"]?.text) {
      return true
    }
    if message.hasAny(
      "handoffId", "sourceAgent", "targetAgent", "handoffChain", "originalAgent", "rollbackPlan")
    {
      return true
    }
    if message.has("agentId"), message.hasAny("queueDepth", "responseTime", "errorRate") || isHealth(message)
    {
      return true
    }
    if message.has("handoff"), message.word("status").map(letters.contains) == true { return true }
    return message.has("source", "target", "status") || message.has("success", "source", "error")
  }

  /// What an agent may say of its health.
  static let healths: Set = ["healthy", "slow", "degraded", "unhealthy"]

  private static func isHealth(_ message: Marks) -> Bool {
    message.word("status").map(healths.contains) ?? false
  }

  /// Where a dead letter stands.
  static let letters: Set = ["pending", "handled", "unhandled"]

  /// Whether a type is the name of a hook; one with other signs is a misspelt type of event.
  private static func isHook(_ type: String?) -> Bool {
    EventWord.isOfHandoff(type) && type?.allSatisfy(\.isLetter) == true
  }
}

extension Telling {
  mutating func tellOrchestration() throws(MessageFault) {
    let isReport = find("handoffId", "handoff_id", "sourceAgent", "source", "context.handoffChain") == nil
    if isReport, find("agentId") != nil { return try tellHealth() }
    shareOrchestration()
    let status = find("status")?.word
    let success = find("success")
    let word = find("event", "hook", "type")
    let hook = EventWord.type(of: word?.text)
    switch (hook, status) {
    case (.rolledBack?, _), (_, "rolled_back"?),
      (nil, _) where find("rollbackPlan", "rollback", "steps") != nil:
      tellRollback()
    case (nil, nil) where OrchestratorMarks.areSettled(find("results")?.value): tellSettled()
    case (nil, nil) where find("validationResults", "validations", "results")?.value.elements.isEmpty == false:
      tellValidators()
    case (_, "pending"?), (_, "handled"?), (_, "unhandled"?): try tellDeadLetter(status ?? "")
    case (let type?, _): tellHook(type)
    case (nil, nil) where success == nil && find("error") != nil:
      tellFailure(find("error"), at: nil, isAttempt: true)
    case (nil, nil) where success == nil && word != nil && message["type"] == nil:
      throw MessageFault(.outOfRange, word?.pointer ?? "", EventWord.advice)
    case (nil, "in_progress"?),
      (nil, nil) where success == nil:
      tellPackage()
    case (nil, "completed"?), (nil, "failed"?), (nil, "initiated"?): tellRecord(status ?? "")
    case (nil, _?) where success == nil:
      throw MessageFault(
        .outOfRange, "/status", "a handoff is IN_PROGRESS, COMPLETED or FAILED; send one of these")
    default: tellWrapper(success)
    }
  }

  private mutating func shareOrchestration() {
    let chain = find("context.handoffChain", "handoffChain")
    let namesSender = message["sourceAgent"] != nil || message["source"] != nil
    let from = Self.identifier(
      find(
        "sourceAgent", "source", "fromAgent", "context.sourceAgent", "handoff.sourceAgent", "handoff.source"))
    let to = Self.identifier(
      find("targetAgent", "target", "toAgent", "context.targetAgent", "handoff.targetAgent", "handoff.target")
    )
    let names = chain?.elements.compactMap { Self.identifier($0["to"] ?? $0["agent"] ?? $0) } ?? []
    let sender =
      from
      ?? (namesSender
        ? nil : names.dropLast().last ?? Self.identifier(find("context.originalAgent", "originalAgent")))
    let id = Self.identifier(find("handoffId", "handoff_id", "handoff.id", "id"))
    share(
      "handoff_id", id ?? derivedID([sender, to, find("timestamp", "startTime")]), otherwise: "/handoffId")
    share("task_id", Self.identifier(find("taskId", "task_id", "context.taskId", "context.metadata.taskId")))
    share("conversation_id", Self.identifier(find("sessionId", "conversationId", "context.sessionId")))
    share("from_agent", sender, otherwise: "/sourceAgent")
    share("to_agent", to ?? (names.count > 1 ? names.last : nil), otherwise: "/targetAgent")
    share("group_id", Self.identifier(find("groupId", "parallelGroup")))
  }

  private mutating func tellHook(_ type: EventType) {
    guard type != .initiated else { return tellPackage() }
    let at = moment(find("timestamp", "endTime", "startTime"))
    let error = find("error", "reason")
    let (version, size) = (find("version", "state.version"), find("stateSize", "state.size"))
    let (checksum, readiness) = (find("checksum", "state.checksum"), find("ready", "readiness"))
    let meant = Self.identifier(find("originalTarget", "originalTargetAgent", "primaryAgent"))
    let above = Self.identifier(find("escalatedTo", "escalation.to"))
    if type == .failed { return tellFailure(error, at: at) }
    tell(type, at: at) { event in
      if type == .rejected { Self.put(error, into: &event) }
      if type == .rerouted { event.put("original_to_agent", meant) }
      if type == .escalated { event.put("escalation.to", above) }
      event.put("envelope.version", version)
      event.put("envelope.checksum", checksum)
      event.note("ready", readiness)
      event.put("envelope.bytes", size)
    }
  }

  /// The package itself: what is sent, with the state that it holds and the context around it.
  private mutating func tellPackage() {
    let state = find("state", "serializedState", "statePackage")
    let context = find("context") ?? (message["handoffChain"] != nil ? message : nil)
    let at = moment(find("startTime", "timestamp"))
    let sizes = size
    let (pattern, route) = (find("pattern"), find("route", "routeName", "condition"))
    let (attempt, fallback) = (find("attempt", "attemptNumber"), find("fallbackIndex"))
    let deadline = earliestDeadline(find("deadlines", "context.deadlines"))
    tell(.initiated, at: at) { event in
      event.put("envelope.bytes", sizes)
      event.put("pattern", pattern?.plain ?? route.map { JSONPlace(.text("conditional"), at: $0.pointer) })
      event.note("route", route)
      event.put("attempt", attempt)
      event.put("fallback_index", fallback)
      event.put("envelope.deadline", deadline)
      Self.put(state: state, into: &event)
      Self.put(context: context, into: &event)
    }
    compareChecksum(of: state)
    compareChain(context?["handoffChain"])
  }

  /// The orchestrator's own record of a handoff, with its beginning and its end.
  private mutating func tellRecord(_ status: String) {
    let (start, end) = (moment(find("startTime")), moment(find("endTime", "timestamp")))
    let error = find("error", "reason")
    let (attempt, fallback) = (find("attempt", "attemptNumber"), find("fallbackIndex"))
    if start != nil || status == "initiated" {
      tell(.initiated, at: start ?? end) { event in
        event.put("attempt", attempt)
        event.put("fallback_index", fallback)
      }
    }
    if status == "failed" { tellFailure(error, at: end) }
    if status == "completed" { tell(.completed, at: end) }
  }

  /// What somebody around the orchestrator says of its success.
  private mutating func tellWrapper(_ success: JSONPlace?) {
    let at = moment(find("timestamp", "endTime"))
    let inner = find("result.success")
    let error = find("error", "result.error", "reason")
    let hasFailed = success?.value == .boolean(false) || inner?.value == .boolean(false)
    if success?.value.isTrue == true, hasFailed, let inner {
      complain(
        "wrapper_success", .error, "success is claimed of a handoff that failed within", at: inner.pointer)
    }
    if hasFailed { return tellFailure(error, at: at) }
    tell(.step, at: at) { event in
      event.put("step.name", .text("initiate_handoff"))
      event.put("step.status", .text("success"), from: success?.pointer ?? "")
    }
  }
}

// MARK: parts of a package

extension Telling {
  /// Of the state its version, checksum and sizes; not the state.
  private static func put(state: JSONPlace?, into event: inout ForeignEvent) {
    guard let state else { return }
    event.put("envelope.version", state["version"])
    event.put("envelope.checksum", state["checksum"])
    event.put("envelope.raw_bytes", state.first(["originalSize", "rawSize"]))
    if let packed = state["compressedSize"] { event.put("envelope.bytes", packed) }
    event.note("serializer", state.first(["type", "serializer"]))
    let captured = state["data"] ?? state
    count(captured["pendingTasks"], as: "pending_tasks", into: &event)
    count(captured["processedItems"], as: "processed_items", into: &event)
    count(captured["variables"], as: "variables", into: &event)
    count(captured["callStack"], as: "call_stack", into: &event)
    event.note("current_operation", captured["currentOperation"])
  }

  private static func put(context: JSONPlace?, into event: inout ForeignEvent) {
    guard let context else { return }
    let chain = context["handoffChain"]
    let hops = (chain?.elements.count ?? 0) - 1
    if hops > 0 { event.put("hop", .number(JSONNumber(hops)), from: chain?.pointer ?? "") }
    event.put("envelope.sections", sections(in: [context]))
    event.put(
      "envelope.priority", context.first(["executionContext.priorityLevel", "priority", "priorityLevel"]))
    put(constraints: context["constraints"], into: &event)
    event.note("progress_percentage", context.first(["executionContext.progressPercentage"]))
    event.note("retry_count", context.first(["executionContext.retryCount"]))
    event.note("execution_environment", context["executionEnvironment"])
  }

  /// The first of all deadlines; what remained of it when it was written down is no help by now.
  private mutating func earliestDeadline(_ list: JSONPlace?) -> JSONPlace? {
    let moments = (list?.elements ?? []).compactMap { moment($0.first(["time", "deadline"])) }
    return moments.min { ($0.value.number ?? 0, $0.text ?? "") < ($1.value.number ?? 0, $1.text ?? "") }
  }

  private mutating func compareChecksum(of state: JSONPlace?) {
    guard let state, let checksum = state["checksum"], let text = checksum.text, let data = state["data"],
      let comparison = Checksum.compare(text, with: data.value), comparison.form == nil
    else { return }
    // An orchestrator takes the checksum first and redacts then: such a mismatch says nothing of the way between.
    let isRedacted = String(decoding: data.value.bytes(), as: UTF8.self).contains("[REDACTED]")
    let words =
      isRedacted ? "it was redacted after its checksum was taken" : "its checksum is \(comparison.computed)"
    complain(
      "state_checksum", isRedacted ? .warning : .error,
      "the data does not match the checksum sent with it: \(words)",
      at: checksum.pointer, error: isRedacted ? nil : "checksum_mismatch")
  }

  /// Whoever sends has to stand in the chain of those who had the task.
  private mutating func compareChain(_ chain: JSONPlace?) {
    guard let chain, let sender = find("sourceAgent", "source").flatMap({ Self.identifier($0)?.text }) else {
      return
    }
    let names = chain.elements.flatMap { hop in
      [Self.identifier(hop), Self.identifier(hop["from"]), Self.identifier(hop["to"])].compactMap { $0?.text }
    }
    guard !names.isEmpty, !names.contains(sender) else { return }
    complain("handoff_chain", .warning, "the chain does not hold the agent that sends", at: chain.pointer)
  }
}
