import TestSupport

/// Makes up what agents do: handoffs with everything that happens to them, and now and then an event about an agent or a task.
struct Storyteller {
  private var random: SeededRandom
  private var count = 0
  /// When the stories begin, in milliseconds since 1970.
  private let start: Int

  init(_ random: SeededRandom, start: Int) {
    self.random = random
    self.start = start
  }

  /// The events of one more story, in the order in which they happened.
  mutating func story() -> [SentEvent] {
    count += 1
    let mayRepeat = count % 4 == 0
    return count % 12 == 0 ? aside(mayRepeat) : handoff(mayRepeat)
  }

  /// An event about a handoff of its own, large enough to fill a disk with.
  mutating func large(bytes: Int) -> SentEvent {
    count += 1
    let text = String(repeating: "x", count: bytes)
    return event(
      "handoff.initiated", "ho_\(count)", 1, at: start,
      [#""from_agent":"a","to_agent":"b","attributes":{"text":"\#(text)"}"#], false)
  }

  private mutating func handoff(_ mayRepeat: Bool) -> [SentEvent] {
    let id = "ho_\(count)"
    var at = start + count * 50
    var number = 0
    var events: [SentEvent] = []
    func add(_ type: String, _ facts: [String]) {
      number += 1
      // Now and then two events have the same time: then their types and ids make the order.
      if !random.once(in: 4) { at += Int.random(in: 1...900, using: &random) }
      events.append(event(type, id, number, at: at, facts, mayRepeat))
    }
    if random.once(in: 2) { add("handoff.prepared", [name("task_id", 40), envelope()]) }
    add(
      "handoff.initiated", [agents(), name("task_id", 40), name("conversation_id", 9), #""hop":\#(number)"#])
    for attempt in 1..<(Int.random(in: 1...3, using: &random)) {
      add("handoff.attempt_failed", [#""attempt":\#(attempt)"#, error("retryable")])
    }
    add("handoff.acknowledged", [tokens()])
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      add("handoff.step", [#""step":{"name":"s\#(number)","status":"done"}"#, tokens()])
    }
    if random.once(in: 5) {
      add("handoff.failed", [error("permanent")])
    } else {
      add("handoff.completed", [envelope(), name("group_id", 5)])
    }
    return events
  }

  private mutating func aside(_ mayRepeat: Bool) -> [SentEvent] {
    let agent = "agent-\(Int.random(in: 1...12, using: &random))"
    let task = "task-\(count)"
    let at = start + count * 50
    return [
      SentEvent(
        identity: .init(kind: "agent", subject: agent, eventID: "health-\(count)"),
        text:
          #"{"type":"agent.health","agent":"\#(agent)","event_id":"health-\#(count)","occurred_at":\#(at),"health":{"status":"healthy","queue_depth":\#(count % 7)}}"#,
        mayRepeat: mayRepeat),
      SentEvent(
        identity: .init(kind: "task", subject: task, eventID: "made"),
        text:
          #"{"type":"task.created","task_id":"\#(task)","agent":"\#(agent)","event_id":"made","occurred_at":\#(at)}"#,
        mayRepeat: mayRepeat),
    ]
  }

  private func event(
    _ type: String, _ handoff: String, _ number: Int, at: Int, _ facts: [String], _ mayRepeat: Bool
  ) -> SentEvent {
    let head =
      #""type":"\#(type)","handoff_id":"\#(handoff)","event_id":"e\#(number)","occurred_at":\#(at)"#
    return SentEvent(
      identity: .init(kind: "handoff", subject: handoff, eventID: "e\(number)"),
      text: "{" + ([head] + facts).joined(separator: ",") + "}", mayRepeat: mayRepeat)
  }

  private mutating func name(_ key: String, _ among: Int) -> String {
    #""\#(key)":"\#(key)-\#(Int.random(in: 1...among, using: &random))""#
  }

  private mutating func agents() -> String {
    let from = Int.random(in: 1...12, using: &random)
    return #""from_agent":"agent-\#(from)","to_agent":"agent-\#(from % 12 + 1)","kind":"warm""#
  }

  private mutating func tokens() -> String {
    let used = Int.random(in: 1...4_000, using: &random)
    return #""envelope":{"version":"2.0","tokens":{"budget":4000,"used":\#(used)}}"#
  }

  private mutating func envelope() -> String {
    let resolved = Int.random(in: 0...20, using: &random)
    return
      #""envelope":{"bytes":\#(resolved * 100 + 1),"memory_refs":{"requested":20,"resolved":\#(resolved)}}"#
  }

  private mutating func error(_ kind: String) -> String {
    let number = Int.random(in: 1...9, using: &random)
    return
      #""error":{"class":"\#(kind)","type":"timeout-\#(number)","message":"try \#(number) was too slow"}"#
  }
}
