import Analytics
import Model
import Testing

@Suite struct RowTests {
  @Test func `distinct handoffs with a failed attempt or exhausted count in a row`() {
    var scene = Scene()
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"))
    scene.tell(.attemptFailed, "h1", at: 1)
    scene.tell(.attemptFailed, "h1", at: 2)
    #expect(scene.agent("b")?.failuresInARow == 1)
    scene.tell(.failed, "h1", at: 3)
    #expect(scene.agent("b")?.failuresInARow == 1)
    #expect(scene.agent("b")?.exhaustedInARow == 1)
    scene.exhaust("h2", at: 4)
    #expect(scene.agent("b")?.failuresInARow == 2)
    #expect(scene.agent("c") == nil)
  }

  @Test(arguments: [EventType.acknowledged, .received, .resumed, .completed])
  func `an acknowledgement or a completion ends the row`(_ type: EventType) {
    var scene = Scene()
    scene.exhaust("h1", at: 0)
    scene.tell(.initiated, "h2", at: 2, .from("a"), .to("b"))
    scene.tell(.attemptFailed, "h2", at: 3)
    #expect(scene.agent("b")?.failuresInARow == 2)
    scene.tell(type, "h2", at: 4)
    #expect(scene.agent("b")?.failuresInARow == 0)
    // What failed before it counts again when it fails again.
    scene.tell(.initiated, "h3", at: 5, .from("a"), .to("b"))
    scene.tell(.attemptFailed, "h3", at: 6)
    scene.tell(type, "h2", at: 7)
    scene.tell(.attemptFailed, "h3", at: 8)
    #expect(scene.agent("b")?.failuresInARow == 1)
  }

  @Test func `three exhausted in a row open the circuit, after 60 s it is half-open`() {
    var scene = Scene()
    for number in 0..<3 {
      #expect(scene.agent("b")?.circuit ?? .closed == .closed)
      scene.exhaust("h\(number)", at: Double(number) * 2)
    }
    #expect(scene.agent("b")?.circuit == .open)
    #expect(scene.agent("b")?.circuitSince == at(5))
    scene.wait(until: 64.999)
    #expect(scene.agent("b")?.circuit == .open)
    scene.wait(until: 65)
    #expect(scene.agent("b")?.circuit == .halfOpen)
  }

  /// What happens to a half-open circuit.
  static let ways: [(String, EventType?, wait: Double, CircuitState)] = [
    ("the next delivery closes it", .acknowledged, 1, .closed),
    ("the next exhaustion opens it again", .failed, 1, .open),
    ("ten minutes without traffic close it", nil, 600, .closed),
    ("less than that does not", nil, 599, .halfOpen),
  ]

  @Test(arguments: ways.indices)
  func `from half-open it goes on`(_ number: Int) {
    let (name, type, wait, state) = Self.ways[number]
    var scene = Scene()
    for number in 0..<3 { scene.exhaust("h\(number)", at: Double(number) * 2) }
    scene.wait(until: 65)
    if let type {
      scene.tell(.initiated, "probe", at: 65, .from("a"), .to("b"))
      scene.tell(type, "probe", at: 66)
    } else {
      scene.wait(until: 65 + wait)
    }
    #expect(scene.agent("b")?.circuit == state, "\(name)")
  }

  @Test func `traffic keeps a half-open circuit half-open`() {
    var scene = Scene()
    for number in 0..<3 { scene.exhaust("h\(number)", at: Double(number) * 2) }
    scene.tell(.initiated, "probe", at: 500, .from("a"), .to("b"))
    scene.tell(.cancelled, "probe", at: 501)
    scene.wait(until: 1099)
    #expect(scene.agent("b")?.circuit == .halfOpen)
    scene.wait(until: 1100)
    #expect(scene.agent("b")?.circuit == .closed)
  }

  @Test func `a circuit that closed for want of traffic takes three again`() {
    var scene = Scene()
    for number in 0..<3 { scene.exhaust("h\(number)", at: Double(number) * 2) }
    scene.wait(until: 700)
    #expect(scene.agent("b")?.circuit == .closed)
    scene.exhaust("h3", at: 701)
    #expect(scene.agent("b")?.circuit == .closed)
    #expect(scene.agent("b")?.failuresInARow == 4)
    scene.exhaust("h4", at: 703)
    scene.exhaust("h5", at: 705)
    #expect(scene.agent("b")?.circuit == .open)
  }

  @Test func `a delivery while it is open ends the row and leaves the rest to time`() {
    var scene = Scene()
    scene.tell(.initiated, "under way", at: 0, .from("a"), .to("b"))
    for number in 0..<3 { scene.exhaust("h\(number)", at: Double(number) * 2) }
    scene.tell(.acknowledged, "under way", at: 10)
    #expect(scene.agent("b")?.failuresInARow == 0)
    #expect(scene.agent("b")?.circuit == .open)
    scene.wait(until: 65)
    #expect(scene.agent("b")?.circuit == .halfOpen)
  }

  @Test func `transitions are counted by the state entered`() throws {
    var scene = Scene()
    for number in 0..<3 { scene.exhaust("h\(number)", at: Double(number) * 2) }
    scene.wait(until: 65)
    scene.deliver("probe", at: 65)
    let counters = try #require(scene.counters("b"))
    #expect(counters[transitions: .open] == 1)
    #expect(counters[transitions: .halfOpen] == 1)
    #expect(counters[transitions: .closed] == 1)
  }

  @Test func `a reported circuit lives until its reset and five minutes`() {
    var scene = Scene()
    scene.tell(.circuitOpened, at: 0, .agent("b"), body: #"{"reset_at": "\#(at(60).text)"}"#)
    #expect(scene.agent("b")?.circuit == .open)
    scene.wait(until: 359)
    #expect(scene.agent("b")?.circuit == .open)
    scene.wait(until: 360)
    #expect(scene.agent("b")?.circuit == .closed)
  }

  @Test func `without a reset the cool-down stands for it`() {
    var scene = Scene()
    scene.tell(.circuitOpened, at: 0, .agent("b"))
    scene.wait(until: 359)
    #expect(scene.agent("b")?.circuit == .open)
    scene.wait(until: 360)
    #expect(scene.agent("b")?.circuit == .closed)
  }

  @Test func `the worse of derived and reported holds, and of several reporters the worst`() {
    var scene = Scene()
    scene.tell(.circuitHalfOpened, at: 0, .agent("b"), body: #"{"reporter": "x"}"#)
    #expect(scene.agent("b")?.circuit == .halfOpen)
    scene.tell(.circuitOpened, at: 1, .agent("b"), body: #"{"reporter": "y"}"#)
    #expect(scene.agent("b")?.circuit == .open)
    scene.tell(.circuitClosed, at: 2, .agent("b"), body: #"{"reporter": "z"}"#)
    #expect(scene.agent("b")?.circuit == .open)
    scene.tell(.circuitClosed, at: 3, .agent("b"), body: #"{"reporter": "y"}"#)
    #expect(scene.agent("b")?.circuit == .halfOpen)
    scene.tell(.circuitClosed, at: 4, .agent("b"), body: #"{"reporter": "x"}"#)
    #expect(scene.agent("b")?.circuit == .closed)
    for number in 0..<3 { scene.exhaust("h\(number)", at: 5 + Double(number) * 2) }
    scene.tell(.circuitClosed, at: 12, .agent("b"), body: #"{"reporter": "x"}"#)
    #expect(scene.agent("b")?.circuit == .open)
  }

  @Test func `a send that a breaker refused is counted`() {
    var scene = Scene()
    scene.tell(.circuitSkipped, at: 0, .agent("b"))
    #expect(scene.counters("b")?[.skipped] == 1)
    #expect(scene.window()[.skipped] == 1)
    #expect(scene.agent("b")?.circuit == .closed)
  }

  @Test func `a replayed handoff that fails again opens a half-open circuit again`() {
    var scene = Scene()
    for number in 0..<3 { scene.exhaust("h\(number)", at: Double(number) * 2) }
    scene.tell(.parked, "h0", at: 20)
    scene.wait(until: 65)
    scene.tell(.replayed, "h0", at: 70)
    scene.tell(.failed, "h0", at: 71)
    #expect(scene.agent("b")?.circuit == .open)
    #expect(scene.agent("b")?.failuresInARow == 3)
  }
}
