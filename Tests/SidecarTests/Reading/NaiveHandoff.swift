// Handoffs made up at random, and what is known of each, reckoned from its events one by one as it is defined: neither
// the model nor the database has a part in it.
import TestSupport

/// An event as it is sent, and as a test remembers it.
struct NaiveEvent {
  var type: String
  var id: String
  /// Microseconds.
  var at: Int64
  /// Members as JSON texts.
  var facts: [String: String] = [:]

  /// Decides among events of one moment: the order in which states count; the others bear none.
  private static let states = [
    "prepared", "initiated", "rerouted", "acknowledged", "rejected", "escalated", "failed", "expired",
    "cancelled",
    "parked", "rolled_back", "replayed", "completed", "resolved",
  ]

  /// The state that it bears.
  var state: String? {
    ["received", "resumed"].contains(type) ? "acknowledged" : Self.states.contains(type) ? type : nil
  }
  var rank: Int { state.flatMap { Self.states.firstIndex(of: $0) }.map { $0 + 1 } ?? 0 }
  var isSent: Bool { ["initiated", "replayed", "rerouted"].contains(type) }

  func json(of handoff: String) -> String {
    let seconds = "\(at / 1_000_000).\(String(1_000_000 + at % 1_000_000).dropFirst())"
    let members =
      [
        #""type":"handoff.\#(type)""#, #""handoff_id":"\#(handoff)""#, #""event_id":"\#(id)""#,
        #""occurred_at":\#(seconds)"#,
      ]
      + facts.sorted { $0.key < $1.key }.map { #""\#($0.key)":\#($0.value)"# }
    return "{" + members.joined(separator: ",") + "}"
  }
}

/// A handoff with all its events.
struct NaiveHandoff {
  var id: String
  var events: [NaiveEvent]

  private var sorted: [NaiveEvent] {
    events.sorted { ($0.at, $0.rank, $0.id) < ($1.at, $1.rank, $1.id) }
  }

  var firstAt: Int64 { events.map(\.at).min() ?? 0 }

  /// The value of a member in force, as its JSON text.
  func fact(_ name: String) -> String? { sorted.last { $0.facts[name] != nil }?.facts[name] }

  /// A member in force that is a text.
  func text(_ name: String) -> String? {
    fact(name).map {
      String($0.dropFirst().dropLast()).replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
    }
  }

  var state: String? {
    let later = sorted.last { ($0.rank) > 2 }?.state
    let types = events.map(\.type)
    return later
      ?? (types.contains("initiated") ? "initiated" : types.contains("prepared") ? "prepared" : nil)
  }

  /// Given up, and never delivered.
  var isExhausted: Bool {
    ["failed", "expired", "parked"].contains(state ?? "")
      && !events.contains { $0.state == "acknowledged" || $0.type == "completed" }
  }

  /// Resolved of requested references.
  var completeness: Double? {
    guard let numbers = fact("envelope")?.matches(of: /[0-9]+/).compactMap({ Double($0.output) }),
      numbers.count == 2, numbers[0] > 0
    else { return nil }
    return numbers[1] / numbers[0]
  }

  /// How its envelope was packed.
  var strategy: String? {
    fact("envelope")?.firstMatch(of: /"strategy":"([^"]*)"/).map { String($0.output.1) }
  }

  /// In microseconds.
  var acknowledgementLatency: Int64? {
    let all = sorted
    guard let place = all.firstIndex(where: { $0.state == "acknowledged" }) else { return nil }
    if let sent = all[..<place].last(where: \.isSent) { return all[place].at - sent.at }
    return all[place...].contains(where: \.isSent) ? 0 : nil
  }

  /// A part of the error in force.
  func error(_ part: String) -> String? {
    guard let words = fact("error")?.split(separator: "\""), let place = words.firstIndex(of: part[...])
    else {
      return nil
    }
    return String(words[place + 2])
  }
}

/// What random handoffs are made of: few values, so that many share them, and some that are no words.
enum NaiveVocabulary {
  static let tasks = ["t0", "t1", "t/2%'; --", "t ü\u{1F600}"]
  static let conversations = ["c0", "c1"]
  static let agents = ["a", "b", "c", "d'\\\"e"]
  static let kinds = ["warm", "cold", "odd"]
  static let patterns = ["direct", "retry"]
  static let strategies = ["full_dump", "odd way"]
  static let reasons = ["recovery", "supervision"]
  static let errorClasses = ["retryable", "permanent"]
  static let errorTypes = ["timeout", "auth"]
  static let types = [
    "prepared", "initiated", "initiated", "initiated", "attempt_failed", "acknowledged", "acknowledged",
    "received",
    "resumed", "rejected", "completed", "failed", "rolled_back", "parked", "replayed", "resolved", "rerouted",
    "escalated", "expired", "cancelled", "validated", "step",
  ]

  /// Handoffs within some hours before `now`.
  static func handoffs(_ count: Int, before now: Int64, _ random: inout SeededRandom) -> [NaiveHandoff] {
    (0..<count).map { number in
      // Whole seconds, so that many share a moment.
      let start = now - Int64.random(in: 60...7_200, using: &random) * 1_000_000
      let events = (0..<Int.random(in: 1...6, using: &random)).map { place in
        event("e\(place)", after: start, &random)
      }
      return NaiveHandoff(id: "h\(number)", events: events)
    }
  }

  private static func event(_ id: String, after start: Int64, _ random: inout SeededRandom) -> NaiveEvent {
    let late = Int64.random(in: 0...3, using: &random) * 1_000_000
    let odd = random.once(in: 3) ? Int64.random(in: 0..<1_000_000, using: &random) : 0
    var event = NaiveEvent(
      type: types.randomElement(using: &random) ?? "step", id: id, at: start + late + odd)
    for (name, values) in [
      ("task_id", tasks), ("conversation_id", conversations), ("from_agent", agents), ("to_agent", agents),
      ("kind", kinds), ("pattern", patterns), ("reason", reasons),
    ] where event.type == "initiated" && name.hasSuffix("agent") || random.once(in: 2) {
      event.facts[name] = values.randomElement(using: &random).map(quoted)
    }
    if random.once(in: 3) {
      let requested = Int.random(in: 0...5, using: &random)
      let resolved = Int.random(in: 0...requested, using: &random)
      let strategy = strategies.randomElement(using: &random) ?? ""
      event.facts["envelope"] =
        #"{"strategy":"\#(strategy)","memory_refs":{"requested":\#(requested),"resolved":\#(resolved)}}"#
    }
    if random.once(in: 3) {
      let error = (
        errorClasses.randomElement(using: &random) ?? "", errorTypes.randomElement(using: &random) ?? ""
      )
      event.facts["error"] = #"{"class":"\#(error.0)","type":"\#(error.1)"}"#
    }
    return event
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
