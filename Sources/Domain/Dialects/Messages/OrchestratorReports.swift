import Bytes
import Model

/// What the parts of an orchestrator report: its queue of dead letters, its rollback, its monitor of agents.
extension OrchestratorMarks {
  /// Whether results are those of handoffs made in parallel, of which each was fulfilled or rejected.
  static func areSettled(_ results: JSONValue?) -> Bool {
    let words = results?.elements.map { $0["status"]?.text } ?? []
    return !words.isEmpty && words.allSatisfy { $0 == "fulfilled" || $0 == "rejected" }
  }
}

extension Telling {
  /// What went wrong: with one attempt, where another follows; with the handoff, where none does.
  ///
  /// A target that would not have it has refused it. Where a breaker kept it from being sent, that is told of the target too.
  mutating func tellFailure(_ error: JSONPlace?, at moment: JSONPlace?, isAttempt: Bool = false) {
    let at = moment ?? self.moment(find("timestamp", "endTime"))
    let (attempt, backoff) = (find("attempt", "attemptNumber"), find("backoffMs", "retryInMs"))
    let to = Self.identifier(find("targetAgent", "target", "toAgent"))
    let about = (error?.text ?? error?.first(["message", "error"])?.text).flatMap(ErrorWords.type)
    if about == "circuit_open", let to { tell(.circuitSkipped, at: at) { $0.put("agent", to) } }
    let goesOn = backoff != nil || isAttempt && attempt != nil
    tell(about == "not_accepting" ? .rejected : goesOn ? .attemptFailed : .failed, at: at) { event in
      event.put("attempt", attempt)
      event.put("backoff_ms", backoff)
      Self.put(error, into: &event)
    }
  }

  /// The outcomes of handoffs made in parallel.
  ///
  /// Fulfilled means only that the call came back: what it came back with counts.
  mutating func tellSettled() {
    let at = moment(find("timestamp", "endTime"))
    let (results, targets) = (find("results"), find("targets", "targetAgents")?.elements ?? [])
    let from = Self.identifier(find("sourceAgent", "source"))
    let group = Self.identifier(find("groupId", "parallelGroup"))
    for (place, result) in (results?.elements ?? []).enumerated() {
      let to = Self.identifier(result.first(["target", "targetAgent"]) ?? targets.dropFirst(place).first)
      let id =
        Self.identifier(result.first(["value.handoffId", "handoffId"])) ?? derivedID([group, from, to, at])
      let failure = result.first(["reason", "value.error", "error"])
      let isFulfilled = result["status"]?.text == "fulfilled"
      let hasFailed = !isFulfilled || result.first(["value.success"])?.value == .boolean(false)
      tell(hasFailed ? .failed : .step, at: at) { event in
        event.put("handoff_id", id)
        event.put("to_agent", to)
        event.put("receiver_count", JSONValue.number(JSONNumber(results?.elements.count ?? 0)))
        if hasFailed { return Self.put(failure, into: &event) }
        event.put("step.name", .text("initiate_handoff"))
        event.put("step.status", .text("success"), from: result.pointer)
      }
    }
  }

  mutating func tellDeadLetter(_ status: String) throws(MessageFault) {
    guard message.first(["handoffId", "handoff_id", "handoff.id", "id"]) != nil else {
      throw .missing("handoffId", "a dead letter names its handoff; send the handoff's id")
    }
    let at = moment(find("timestamp", "parkedAt", "createdAt"))
    let handled = moment(find("handledAt", "resolvedAt", "updatedAt"))
    let (reason, error, attempts) = (find("reason"), find("error"), find("attempts"))
    tell(.parked, at: at) { event in
      event.put("park_reason", reason)
      event.put("attempt", attempts)
      Self.put(error, into: &event)
    }
    if status == "handled" { tell(.resolved, at: handled ?? at) }
    if status == "unhandled" { tell(.replayed, at: at) }
  }

  mutating func tellRollback() {
    let at = moment(find("timestamp", "rolledBackAt", "endTime"))
    let steps = find("rollbackPlan.steps", "rollbackPlan", "rollback.steps", "rollback", "steps")
    let told = (steps?.elements ?? []).map { step in
      var told = JSONObject()
      told["action"] = step.first(["action", "name", "type"])?.value ?? step.value
      told["status"] = step["status"]?.plain.value
      told["error"] = step.first(["error", "error.message"])?.value
      return JSONValue.object(told)
    }
    tell(.rolledBack, at: at) { $0.put("rollback.steps", .array(told), from: steps?.pointer ?? "") }
  }

  /// What its validators found, each under its own name.
  mutating func tellValidators() {
    let at = moment(find("timestamp", "validatedAt", "endTime"))
    let results = find("validationResults", "validations", "results")
    let told = (results?.elements ?? []).map { result in
      var told = JSONObject()
      told["rule"] = result.first(["rule", "validator", "name"])?.value
      told["passed"] = result["passed"]?.value
      told["severity"] = result["severity"]?.plain.value
      told["message"] = result["message"]?.value
      return JSONValue.object(told)
    }
    let (valid, duration) = (find("valid", "isValid"), find("durationMs", "duration"))
    tell(.validated, at: at) { event in
      event.put("validation.valid", valid)
      event.put("validation.duration_ms", duration)
      event.put("validation.results", .array(told), from: results?.pointer ?? "")
    }
  }

  /// Every value of a report is passed on: which is worst is judged here, not by which was checked last.
  mutating func tellHealth() throws(MessageFault) {
    let agent = Self.identifier(find("agentId", "agent"))
    let at = moment(find("timestamp"))
    let status = find("status")
    let values: [(String, JSONPlace?)] = [
      ("cpu", find("cpu", "metrics.cpu", "checks.cpu")),
      ("memory_mb", find("memory", "memoryUsage", "metrics.memory", "checks.memory")),
      ("response_ms", find("responseTime", "metrics.responseTime", "checks.responseTime")),
      ("queue_depth", find("queueDepth", "metrics.queueDepth", "checks.queueDepth")),
      ("error_rate", find("errorRate", "metrics.errorRate", "checks.errorRate")),
    ]
    let issues = find("issues")
    if let word = status?.word, !OrchestratorMarks.healths.contains(word) {
      throw MessageFault(
        .outOfRange, "/status", "an agent is HEALTHY, SLOW, DEGRADED or UNHEALTHY; send one of these")
    }
    tell(.agentHealth, at: at) { event in
      event.put("agent", agent, otherwise: "/agentId")
      event.put("health.status", status?.plain)
      for (name, place) in values { event.put("health.\(name)", Self.measured(place)) }
      event.put("health.issues", issues)
    }
  }

  /// A number, or the `value` beside a status, or the memory that a heap takes; counts of CPU time since the start are no
  /// measure of load.
  private static func measured(_ place: JSONPlace?) -> JSONPlace? {
    guard let place, case .object = place.value else { return place }
    guard let heap = place["heapUsed"], let bytes = heap.value.number, (0...1e15).contains(bytes) else {
      return place["value"]
    }
    return JSONPlace(.number(JSONNumber(Int(bytes / 1_048_576))), at: heap.pointer)
  }
}
