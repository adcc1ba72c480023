import Bytes
import Model

/// Which state of the context that agents share a message goes by: its version, hash and writer, not what it says.
extension Telling {
  private static let parts = ["project_state", "task_queue", "decision_log", "constraints"]

  private static let facts: [(name: String, paths: [String])] = [
    ("version", ["version", "context_version", "revision"]), ("schema", ["schema", "schema_version"]),
    ("based_on", ["based_on", "base_version", "read_version"]),
    ("hash", ["hash", "context_hash", "checksum"]),
    ("written_by", ["written_by", "updated_by", "last_writer", "writer"]),
    ("writers", ["writers", "allowed_writers"]),
  ]

  /// Notes it; of a message between agents, the context as a whole may be what they share.
  mutating func noteSharedContext() {
    let named =
      find("shared_context") ?? message.first(["context.shared_context", "metadata.shared_context"])
    guard let place = named ?? wholeContext, case .object = place.value else { return }
    var told = JSONObject()
    for (name, paths) in Self.facts { told[name] = place.first(paths).map { Self.name($0).value } }
    told["written_at"] = moment(place.first(["written_at", "updated_at", "last_updated"]))?.value
    for (name, part) in [("decisions", "decision_log"), ("tasks", "task_queue")] {
      told[name] = (place[part] ?? place[name]).map { Self.count(of: $0) }
    }
    // What nobody called a shared context may have members of these names that mean something else.
    if named == nil { told = Self.plain(told) }
    if told["hash"] == nil { told["hash"] = Self.hash(of: place) }
    sharedContext = JSONPlace(.object(told), at: place.pointer)
    judgeWriter(told, at: place.pointer)
  }

  private var wholeContext: JSONPlace? {
    guard dialect == .agentMessage, let context = message["context"] else { return nil }
    let isShared = ["project_state", "task_queue", "decision_log"].contains { context[$0] != nil }
    return isShared ? context : nil
  }

  /// The members that can be meant.
  private static func plain(_ told: JSONObject) -> JSONObject {
    JSONObject(
      told.members.filter { member in
        switch (member.name, member.value) {
        case ("writers", .array(let names)): names.allSatisfy { ($0.text?.utf8.count ?? .max) <= 256 }
        case ("written_at", .text(let text)): Timestamp(rfc3339: Array(text.utf8)[...]) != nil
        case ("writers", _): false
        case (_, .text(let text)): text.utf8.count <= 256
        case (_, .number(let number)): (number.double ?? -1) >= 0
        default: false
        }
      })
  }

  /// A name, also where it is an object's; versions may be numbers.
  private static func name(_ place: JSONPlace) -> JSONPlace {
    if case .object = place.value { return identifier(place) ?? place }
    return place
  }

  /// Of what is shared alone: who wrote it and when may differ where it does not.
  private static func hash(of place: JSONPlace) -> JSONValue? {
    let held = parts.compactMap { part in
      place[part].map { JSONObject.Member(part, $0.value) }
    }
    guard !held.isEmpty else { return nil }
    return Checksum.sha256(JSONValue.object(JSONObject(held)).bytes(.canonical)).map { .text($0) }
  }

  private mutating func judgeWriter(_ told: JSONObject, at pointer: String) {
    let writers = told["writers"]?.elements.compactMap(\.text) ?? []
    guard let writer = told["written_by"]?.text, !writers.isEmpty, !writers.contains(writer) else { return }
    complain(
      "context_writer", .error, "the shared context was written by one who may not write it", at: pointer)
  }
}
