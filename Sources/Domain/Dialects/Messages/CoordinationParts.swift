// What the parts of a coordination keep for themselves: the manager of tasks its tasks and who passed them on, the manager
// of states what each agent's was, the validator its verdicts.
import Bytes
import Model

extension CoordinationMarks {
  /// Whether it is the state of an agent: of an agent alone only where that cannot be a mere word for how it is.
  static func isSnapshot(_ message: Marks) -> Bool {
    guard message.hasAny("agent", "agent_id"), message.hasAny("state", "agent_state", "state_hash") else {
      return false
    }
    if message.has("handoff_id") || message.has("state_hash") { return true }
    return (message["state"] ?? message["agent_state"])?.object != nil
  }

  /// Whether it says that a task was passed on, or was not.
  static func tellsOfPassing(_ message: Marks) -> Bool {
    guard message.has("task_id") else { return false }
    if message.has("hand_off_history") || message.has("from", "to", "timestamp") { return true }
    return message.has("from_agent", "to_agent")
      && (message.has("success") || message.has("timestamp", "reason"))
  }

  /// The same, where it holds nothing beside: with more it could be a message of any sort.
  static func isPassing(_ message: Marks) -> Bool {
    tellsOfPassing(message)
      && message.hasOnly([
        "task_id", "from", "to", "from_agent", "to_agent", "timestamp", "reason", "success", "error",
        "message",
        "metadata", "id", "event_id", "message_id", "hand_off_history",
      ])
  }

  /// Whether it is one step of a handoff.
  static func isStep(_ message: Marks) -> Bool {
    message["step"]?.text != nil && message.hasAny("coordination_id", "handoff_id")
  }
}

extension Telling {
  /// Who passed a task on to whom, entry by entry.
  mutating func tellPassings() {
    share("task_id", Self.identifier(find("task_id")), otherwise: "/task_id")
    _ = find("from", "to", "from_agent", "to_agent", "timestamp", "reason", "success", "error", "message")
    for entry in find("hand_off_history")?.elements ?? [message] { tellPassing(entry) }
  }

  /// The task is its receiver's in the moment in which it is passed on: nobody is asked first.
  private mutating func tellPassing(_ entry: JSONPlace) {
    let from = Self.identifier(entry.first(["from", "from_agent"]))
    let to = Self.identifier(entry.first(["to", "to_agent"]))
    let at = moment(entry["timestamp"])
    let id = derivedID(at == nil ? [entry] : [message["task_id"], from, to, at])
    let (error, place) = (entry.first(["error", "message"]), entry.pointer)
    let hasFailed = entry["success"]?.value == .boolean(false) || entry["error"] != nil
    for type in [EventType.initiated, hasFailed ? .rejected : .acknowledged] {
      tell(type, at: at) { event in
        event.put("handoff_id", id)
        event.put("from_agent", from, otherwise: place + "/from")
        event.put("to_agent", to, otherwise: place + "/to")
        if type == .initiated {
          event.put("pattern", .text("sequential"))
          event.put("reason", entry["reason"])
        }
        if type == .rejected { Self.put(error, into: &event) }
      }
    }
  }

  /// A step that is told by itself.
  mutating func tellSingleStep() throws(MessageFault) {
    try shareHandoff("a step is one of a handoff; send the id of that")
    _ = find("step", "name", "status", "timestamp", "error", "duration_ms")
    tellStep(message)
  }

  /// What a validator found.
  mutating func tellVerdict() throws(MessageFault) {
    try shareHandoff("a handoff was found valid or not; send the id of that")
    _ = find("valid", "errors", "warnings", "duration_ms")
    tellValidation(message, moment(find("timestamp", "validated_at")))
  }

  private mutating func shareHandoff(_ advice: String) throws(MessageFault) {
    guard let id = Self.identifier(find("coordination_id", "handoff_id")) else {
      throw .missing("coordination_id", advice)
    }
    share("handoff_id", id)
    share("task_id", Self.identifier(find("task_id")))
    share("from_agent", Self.identifier(find("from_agent")))
    share("to_agent", Self.identifier(find("to_agent")))
  }

  /// What the state of an agent is, and in the course of which handoff if it says so: a hash and a size of it.
  mutating func tellSnapshot(of agent: JSONPlace) {
    let (id, task) = (
      Self.identifier(find("coordination_id", "handoff_id")), Self.identifier(find("task_id"))
    )
    let name = Self.identifier(agent)
    let at = moment(find("updated_at", "timestamp", "transferred_at"))
    let state = find("state", "agent_state")
    let size =
      find("state_size", "state_bytes")?.value ?? state.map { .number(JSONNumber($0.value.bytes().count)) }
    let hash =
      find("state_hash")?.value
      ?? state.flatMap { Checksum.sha256($0.value.bytes(.canonical)) }.map { .text($0) }
    let (version, from) = (find("version", "state_version"), Self.identifier(find("transferred_from")))
    func put(into event: inout ForeignEvent) {
      event.put("attributes.state_hash", hash, from: state?.pointer ?? "/state_hash")
      event.put("attributes.state_bytes", size, from: state?.pointer ?? "/state_size")
      event.note("state_version", version)
      event.note("transferred_from", from)
    }
    if let id {
      share("handoff_id", id)
      share("task_id", task)
      tell(.step, at: at) { event in
        event.put("step.name", .text(HandoffPhase.snapshot))
        event.put("step.status", .text("completed"))
        event.note("agent", name)
        put(into: &event)
      }
    }
    tell(.agentState, at: at) { event in
      event.put("agent", name)
      put(into: &event)
      event.note("handoff_id", id)
      event.note("task_id", task)
    }
  }

  /// A task as its manager keeps it.
  mutating func tellTask() throws(MessageFault) {
    let created = moment(find("created_at"))
    let updated = moment(find("updated_at"))
    let (status, agent) = (find("status"), Self.identifier(find("assigned_agent")))
    share("task_id", Self.identifier(find("task_id", "id")), otherwise: "/task_id")
    share("agent", agent)
    guard ["pending", "in_progress", "completed", "failed", "handed_off"].contains(status?.word) else {
      throw MessageFault(
        .outOfRange, "/status",
        "a task is pending, in_progress, completed, failed or handed_off; send one of these")
    }
    tell(.taskCreated, at: created) { $0.put("attributes.status", status?.plain) }
    if status?.word == "completed" { tell(.taskCompleted, at: updated) }
    if status?.word == "failed" { tell(.taskFailed, at: updated) }
  }
}
