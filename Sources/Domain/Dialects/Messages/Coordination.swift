// The record that a coordinated handoff keeps of itself: its steps, how it ended, and the task it moved.
//
// It is one handoff, named by its coordination_id. Its own monitor times it from one step to the next; here it is timed
// from its beginning to the step in which the task changed hands.
import Bytes
import Model

enum CoordinationMarks {
  static let steps: Set<String> = ["state_transfer", "task_transfer", "hand_off"]

  @Sendable static func areIn(_ message: Marks) -> Bool {
    if message.has("coordination_id") || message.has("assigned_agent", "status") { return true }
    if isSnapshot(message) || isPassing(message) || isStep(message) { return true }
    if message.has("valid"), message.hasAny("errors", "warnings") { return true }
    if message.has("from_agent", "to_agent", "status"),
      ["initiated", "completed", "failed", "validation_failed"]
        .contains(message.word("status"))
    {
      return true
    }
    return (message["steps"]?.elements ?? []).contains { step in
      (step["step"] ?? step["name"])?.text.map { steps.contains(Word.plain($0)) } ?? false
    }
  }
}

extension Telling {
  mutating func tellCoordination() throws(MessageFault) {
    if message["assigned_agent"] != nil, message["coordination_id"] == nil { return try tellTask() }
    if message["step"]?.text != nil { return try tellSingleStep() }
    if message["valid"] != nil { return try tellVerdict() }
    if message["from_agent"] == nil, let agent = find("agent", "agent_id") {
      return tellSnapshot(of: agent)
    }
    if let object = message.value.object, CoordinationMarks.tellsOfPassing(Marks(object)),
      message["coordination_id"] == nil, message["status"] == nil, message["steps"] == nil
    {
      return tellPassings()
    }
    guard let id = Self.identifier(find("coordination_id")) else {
      throw .missing(
        "coordination_id",
        "the record of a coordinated handoff names it; keep the id that was made when the handoff began")
    }
    share("handoff_id", id)
    share("task_id", Self.identifier(find("task_id")), otherwise: "/task_id")
    share("from_agent", Self.identifier(find("from_agent")), otherwise: "/from_agent")
    share("to_agent", Self.identifier(find("to_agent")), otherwise: "/to_agent")
    let steps = find("steps")?.elements ?? []
    let first = steps.first.flatMap { moment($0["timestamp"]) }
    let start = moment(find("started_at", "created_at", "timestamp")) ?? first
    tellStart(start)
    for step in steps { tellStep(step) }
    compareStates()
    tellValidation(find("validation"), start)
    let status = find("status")
    try tellEnd(status, steps, moment(find("completed_at", "updated_at")), start)
  }

  private mutating func tellStart(_ start: JSONPlace?) {
    let reason = find("reason")
    let (bytes, hash) = (find("state_size", "state_bytes"), find("state_hash"))
    let state = find("state", "agent_state")
    tell(.initiated, at: start) { event in
      event.put("pattern", .text("sequential"))
      event.put("reason", reason)
      event.put(
        "envelope.bytes",
        bytes ?? state.map { JSONPlace(.number(JSONNumber($0.value.bytes().count)), at: $0.pointer) })
      event.note("state_hash", hash)
      if hash == nil, let state, let digest = Checksum.sha256(state.value.bytes(.canonical)) {
        event.put("envelope.checksum", .text(digest), from: state.pointer)
      }
    }
  }

  /// What is transferred must not be older than what the target has.
  ///
  /// Both are told by when they were kept, or by a version that counts up; a transfer may also say so itself.
  private mutating func compareStates() {
    let transfer = (find("steps")?.elements ?? []).first {
      $0.first(["step", "name"])?.word == "state_transfer"
    }
    let said = find("state_conflict", "conflict") ?? transfer?.first(["state_conflict", "conflict"])
    let sent = age(of: find("state", "agent_state", "source_state"))
    let kept = age(of: find("target_state", "existing_state"))
    let isOlder = sent.flatMap { sent in kept.map { sent.isOlder(than: $0) } } ?? false
    guard isOlder || said?.value.isTrue == true else { return }
    complain(
      "state_conflict", .error, "the target already had a newer state than the one transferred to it",
      at: kept?.place.pointer ?? said?.pointer ?? "")
  }

  /// How new a state is.
  private struct StateAge {
    let place: JSONPlace
    let moment: Timestamp?
    let number: Double?

    func isOlder(than other: Self) -> Bool {
      if let moment, let later = other.moment { return moment < later }
      return (number ?? .infinity) < (other.number ?? -.infinity)
    }
  }

  private mutating func age(of state: JSONPlace?) -> StateAge? {
    guard let place = state?.first(["updated_at", "timestamp", "transferred_at", "version", "state_version"])
    else { return nil }
    let text = moment(place)?.text
    return StateAge(
      place: place, moment: text.flatMap { Timestamp(rfc3339: Array($0.utf8)[...]) },
      number: place.value.number)
  }

  mutating func tellStep(_ step: JSONPlace) {
    let at = moment(step["timestamp"])
    let name = step.first(["step", "name"])?.plain
    tell(.step, at: at) { event in
      event.put("step.name", name)
      event.put("step.status", step["status"] ?? JSONPlace(.text("completed"), at: step.pointer))
      event.put("step.error", step["error"])
      event.put("step.duration_ms", step["duration_ms"])
    }
  }

  mutating func tellValidation(_ validation: JSONPlace?, _ at: JSONPlace?) {
    guard let validation else { return }
    let results = [("errors", "error"), ("warnings", "warning")].flatMap { list, severity in
      (validation[list]?.elements ?? []).map { result in
        let text = result.text ?? String(decoding: result.value.bytes(), as: UTF8.self)
        return JSONValue.object([
          "rule": .text(Self.rule(of: text)), "passed": .boolean(false), "severity": .text(severity),
          "message": .text(text),
        ])
      }
    }
    let (valid, duration) = (validation["valid"], validation["duration_ms"])
    tell(.validated, at: at) { event in
      event.put("validation.valid", valid)
      event.put("validation.duration_ms", duration)
      event.put("validation.results", .array(results), from: validation.pointer)
    }
  }

  /// The name in `Rule NAME failed`, else the text.
  private static func rule(of text: String) -> String {
    let words = text.split(separator: " ")
    let isNamed =
      words.count > 2 && words[0].lowercased() == "rule" && words[2].lowercased().hasPrefix("failed")
    return isNamed ? String(words[1]) : String(text.prefix(64))
  }

  private mutating func tellEnd(
    _ status: JSONPlace?, _ steps: [JSONPlace], _ end: JSONPlace?, _ start: JSONPlace?
  ) throws(MessageFault) {
    let last = steps.last.flatMap { moment($0["timestamp"]) }
    let moved = steps.last { $0.first(["step", "name"])?.word == "task_transfer" }.flatMap {
      moment($0["timestamp"])
    }
    switch status?.word {
    case nil, "initiated", "pending", "in_progress": return
    case "completed", "handed_off":
      tell(.acknowledged, at: moved ?? last ?? end ?? start)
      if status?.word == "completed" { tell(.completed, at: end ?? last ?? start) }
    case "failed", "validation_failed": tellFailure(status, steps, end ?? last ?? start)
    case _?:
      throw MessageFault(
        .outOfRange, "/status", "a coordination is initiated, completed or failed; send one of these")
    }
  }

  /// A failure of the transfer; a sender that does not own the task, or breaks a rule, is rejected.
  private mutating func tellFailure(_ status: JSONPlace?, _ steps: [JSONPlace], _ at: JSONPlace?) {
    let error = find("error", "message")
    let failed = steps.last { ["failed", "error"].contains($0["status"]?.word) }
    let text = error?.text ?? error?["message"]?.text ?? ""
    let isOwnership = ErrorWords.type(in: text) == "ownership_violation"
    let isInvalid = status?.word == "validation_failed"
    tell(isOwnership || isInvalid ? .rejected : .failed, at: at) { event in
      Self.put(error, into: &event)
      if isInvalid { event.put("error.type", .text("validation_failed"), from: status?.pointer ?? "") }
      event.put("error.attempted", failed?.first(["step", "name"]))
    }
  }
}
