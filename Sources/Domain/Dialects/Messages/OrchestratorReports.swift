import Bytes
import Model

/// What the parts of an orchestrator report: its queue of dead letters, its rollback, its monitor of agents.
extension Telling {
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
    let steps = find("rollbackPlan.steps", "rollbackPlan", "steps")
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

  /// A number, or the `value` beside a status; counts of CPU time since the start are no measure of load.
  private static func measured(_ place: JSONPlace?) -> JSONPlace? {
    guard let place else { return nil }
    if case .object = place.value { return place["value"] }
    return place
  }
}
