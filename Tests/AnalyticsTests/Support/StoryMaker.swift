import Model

/// A small seeded generator: the same seed gives the same story.
struct Generator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// Makes random stories: handoffs of tasks, with all that may befall them, and reports of agents.
struct StoryMaker {
  var random: Generator
  private var teller = Teller()
  private var number = 0
  /// The longest time between an event and its receipt.
  var mostDelay = 2.0
  /// Whether circuits and health are told of as well.
  var tellsOfAgents = true

  init(seed: UInt64) { random = Generator(seed: seed) }

  /// A story of so many handoffs within so many seconds, in the order of receipt.
  mutating func story(handoffs: Int, seconds: Double) -> [Line] {
    var lines: [Line] = []
    for _ in 0..<handoffs { lines += handoff(from: Double.random(in: 0..<seconds, using: &random)) }
    if tellsOfAgents {
      for _ in 0..<(handoffs / 10) {
        lines += [agent(at: Double.random(in: 0..<seconds, using: &random))].compactMap(\.self)
      }
    }
    return lines.sorted { $0.receivedAt < $1.receivedAt }
  }

  private mutating func pick(_ names: [String]) -> String { names.randomElement(using: &random) ?? "a" }

  private mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &random) < share }

  private mutating func handoff(from start: Double) -> [Line] {
    number += 1
    let id = "h\(number)"
    let from = pick(["a", "b", "c", "d"])
    let to = pick(["b", "c", "d", "e"])
    let task = "t\(Int.random(in: 0..<8, using: &random))"
    var lines: [Line] = []
    var occurred = start
    for type in course() {
      occurred += Double.random(in: 0.001..<20, using: &random)
      let received = occurred + Double.random(in: 0..<max(0.001, mostDelay), using: &random)
      let told = facts(of: type, from, to, task)
      lines += [teller.event(type, id, received: received, occurred: occurred, told)].compactMap(\.self)
    }
    return lines
  }

  private mutating func course() -> [EventType] {
    var course: [EventType] = chance(0.2) ? [.prepared, .initiated] : [.initiated]
    while chance(0.3) { course.append(.attemptFailed) }
    switch Int.random(in: 0..<10, using: &random) {
    case 0...3: course += chance(0.5) ? [.acknowledged, .completed] : [.received, .resumed, .completed]
    case 4: course += [.acknowledged]
    case 5: course += [.acknowledged, .failed]
    case 6: course += [.failed, .parked] + (chance(0.5) ? [.replayed, .acknowledged] : [.resolved])
    case 7: course += [.rerouted, .acknowledged, .completed]
    case 8:
      course += [[.rejected], [.expired], [.cancelled], [.rolledBack]].randomElement(using: &random) ?? []
    default: break
    }
    return course
  }

  private mutating func facts(of type: EventType, _ from: String, _ to: String, _ task: String) -> [Told] {
    switch type {
    case .initiated:
      [
        .from(from), .to(to), .task(task), .references(20, 20 - Int.random(in: 0..<5, using: &random)),
        .tokens(4000, used: Int.random(in: 100..<4200, using: &random)), .kind(pick(["warm", "cold"])),
        .pattern(pick(["direct", "retry"])), .reason(pick(["recovery", "escalation"])),
        .strategy("full_dump"),
        .sections("task_context"), .bytes(100),
      ]
    case .rerouted: [.formerly(to), .to(pick(["x", "y"]))]
    case .attemptFailed, .failed: [.error(pick(["timeout", "connection", "other"]))]
    default: chance(0.3) ? [.from(from), .task(task)] : []
    }
  }

  private mutating func agent(at seconds: Double) -> Line? {
    let name = pick(["b", "c", "d", "e"])
    if chance(0.5) {
      let rate = Double.random(in: 0..<0.1, using: &random)
      return teller.event(
        .agentHealth, nil, received: seconds, [.agent(name)], body: "{\"health\": {\"error_rate\": \(rate)}}")
    }
    let type = [EventType.circuitOpened, .circuitClosed, .circuitHalfOpened].randomElement(using: &random)
    return teller.event(type ?? .circuitOpened, nil, received: seconds, [.agent(name)])
  }
}
