import Bytes
import Hashing
import Model

/// A message while it is turned into events.
struct Telling {
  let dialect: Dialect
  let message: JSONPlace
  var events: [ForeignEvent] = []
  /// What is said of each of its events, such as which handoff they are about.
  private var shared: [(path: String, fact: JSONPlace?, otherwise: String?)] = []
  private var complaints: [Complaint] = []
  /// The state of a shared context that the message goes by.
  var sharedContext: JSONPlace?
  /// Members that are asked for, or are content: what is left of the message is kept.
  private var used = Sections.names.union(["content", "description", "prompt", "summary", "text"])
  private var kept: [(name: String, fact: JSONPlace)] = []
  private var hasAssumedZone = false

  /// The most members that are kept though nothing is known of them, and how long a text among them may be.
  private static let mostKept = 16
  private static let longestKept = 512

  init(_ message: JSONValue, in dialect: Dialect) {
    self.dialect = dialect
    self.message = JSONPlace(message)
  }

  /// The first of several paths that leads to something; what is asked for is not kept as unknown.
  mutating func find(_ paths: String...) -> JSONPlace? {
    for path in paths { used.insert(String(path.prefix { $0 != "." })) }
    return message.first(paths)
  }

  /// Says something of all events that do not say it themselves.
  mutating func share(_ path: String, _ fact: JSONPlace?, otherwise: String? = nil) {
    shared.append((path, fact, otherwise))
  }

  /// Says something of all events that stands nowhere as such.
  mutating func share(_ path: String, _ value: JSONValue, from origin: String) {
    share(path, JSONPlace(value, at: origin))
  }

  /// Adds an event, at a moment if there is one.
  mutating func tell(
    _ type: EventType, at moment: JSONPlace?, _ facts: (inout ForeignEvent) -> Void = { _ in }
  ) {
    var event = ForeignEvent(type)
    event.put("occurred_at", moment)
    facts(&event)
    events.append(event)
  }

  /// Notes a contradiction that does not keep the message from being understood.
  ///
  /// Where it is a fault of the handoff itself, `error` is its type.
  mutating func complain(
    _ rule: String, _ severity: Complaint.Severity, _ text: String, at place: String, error: String? = nil
  ) {
    complaints.append(Complaint(rule: rule, severity: severity, message: text, pointer: place, error: error))
  }

  /// Keeps a fact that events have no place for.
  mutating func keep(_ name: String, _ fact: JSONPlace?) {
    if let fact { kept.append((name, fact)) }
  }

  /// A moment; without an offset it counts as UTC, and that is noted.
  mutating func moment(_ place: JSONPlace?) -> JSONPlace? {
    guard let place, let text = place.text, text.utf8.count < 40 else { return place }
    let full = Timestamp(rfc3339: Array(text.utf8)[...]) == nil ? text + "Z" : text
    guard full != text, Timestamp(rfc3339: Array(full.utf8)[...]) != nil else { return place }
    hasAssumedZone = true
    return JSONPlace(.text(full), at: place.pointer)
  }
}

extension Telling {
  /// The events, each with what all share and an id of its own.
  consuming func finish() -> [ForeignEvent] {
    putSharedContext()
    tellComplaints()
    keepTheRest()
    let id = identity
    for place in events.indices {
      for (path, fact, otherwise) in shared
      where events[place].wants(path) && events[place].object[path] == nil {
        events[place].put(path, fact, otherwise: otherwise)
      }
      events[place].put("event_id", .text("\(id)-\(place)"), from: identityOrigin)
    }
    return events
  }

  /// Said once, of the handoff that goes on with it: said of the one before as well, it would seem to be of then.
  private mutating func putSharedContext() {
    guard let last = events.lastIndex(where: { $0.type.subject == .handoff }) else { return }
    events[last].put("shared_context", sharedContext)
  }

  private mutating func tellComplaints() {
    guard !complaints.isEmpty, let last = events.last, last.type.subject == .handoff else { return }
    let complaints = complaints
    let isValid = !complaints.contains { $0.severity == .error }
    let moment = last.object["occurred_at"].map { JSONPlace($0, at: last.origin(of: "/occurred_at")) }
    tell(.validated, at: moment) { event in
      event.put("handoff_id", last.object["handoff_id"], from: last.origin(of: "/handoff_id"))
      event.put("validation.valid", .boolean(isValid))
      event.put("validation.results", .array(complaints.map(\.result)))
      if let error = complaints.first(where: { $0.error != nil }) {
        event.put("error.type", error.error.map { .text($0) }, from: error.pointer)
        event.put("error.message", .text(error.message), from: error.pointer)
      }
    }
  }

  /// Keeps the small members that nothing was made of.
  private mutating func keepTheRest() {
    guard !events.isEmpty else { return }
    events[0].put("attributes.dialect", .text(dialect.rawValue))
    if hasAssumedZone { events[0].put("attributes.times_taken_as_utc", .boolean(true)) }
    let rest = message.members.filter {
      !used.contains($0.name) && $0.name.utf8.count <= 64 && Self.isSmall($0.place.value)
    }
    for (name, place) in kept { events[0].note(name, place) }
    for (name, place) in rest.prefix(Self.mostKept) { events[0].note(name, place) }
  }

  private static func isSmall(_ value: JSONValue) -> Bool {
    switch value {
    case .boolean, .number: true
    case .text(let text): text.utf8.count <= longestKept
    case .null, .array, .object: false
    }
  }

  private var identityOrigin: String { message.first(Self.identityPaths)?.pointer ?? "" }

  private static let identityPaths = ["event_id", "message_id", "eventId", "messageId"]

  /// What the message calls itself, else what it says: the same in a resend, another in any other message.
  private var identity: String {
    if let own = message.first(Self.identityPaths), let text = own.identifierText { return text }
    return "\(dialect.rawValue)-\(Hash.hash128(message.value.bytes(.canonical)).hexadecimal)"
  }
}

extension ForeignEvent {
  /// Whether an event of its type may bear what its message says of all.
  fileprivate func wants(_ path: String) -> Bool {
    switch type.subject {
    case .handoff: path != "agent"
    case .agent: path == "agent"
    case .task: path == "task_id" || path == "agent"
    case .conversation: path == "conversation_id"
    }
  }
}

extension Hash128 {
  /// As 32 digits.
  var hexadecimal: String {
    [high, low].map { half in
      let digits = String(half, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
