import Analytics
import Model
import Testing

@Suite struct WindowTests {
  /// What was observed, and when it was received.
  private struct Observation {
    var receivedAt: Int64
    var to: String
    var latency: Double
  }

  /// Deliveries at random times, and all that they should leave in windows.
  private func story(_ seed: UInt64) -> (lines: [Line], observations: [Observation]) {
    var random = Generator(seed: seed)
    var teller = Teller()
    var lines: [Line] = []
    var observations: [Observation] = []
    for number in 0..<400 {
      let sent = Double.random(in: 0..<3000, using: &random)
      let latency = Double.random(in: 0.01..<20, using: &random)
      let to = "r\(Int.random(in: 0..<4, using: &random))"
      lines += [
        teller.event(.initiated, "h\(number)", received: sent, [.from("a"), .to(to)]),
        teller.event(.acknowledged, "h\(number)", received: sent + latency),
      ].compactMap(\.self)
      observations.append(
        Observation(receivedAt: at(sent + latency).microseconds, to: to, latency: latency))
    }
    return (lines.sorted { $0.receivedAt < $1.receivedAt }, observations)
  }

  /// The slices of a window: the one that holds its end, and those before it, as many as it is long.
  private func holds(_ length: Int64, _ end: Timestamp, slice: Int64, _ moment: Int64) -> Bool {
    let last = end.microseconds / (slice * 1_000_000)
    let index = moment / (slice * 1_000_000)
    return index <= last && index > last - length / slice
  }

  @Test(arguments: [1.0, 10, 3600])
  func `a clock that is set back leaves windows as they are, and what comes then is in them`(back: Double) {
    var analytics = Analytics()
    var teller = Teller()
    func deliver(_ id: String, at seconds: Double) {
      for line in [
        teller.event(.initiated, id, received: seconds, [.from("a"), .to("b")]),
        teller.event(.acknowledged, id, received: seconds),
      ].compactMap(\.self) { analytics.step(line.frame, receivedAt: line.receivedAt) }
    }
    deliver("before", at: 10_000)
    #expect(analytics.snapshot(at: at(10_000 - back)).window(.seconds(300))[.delivered] == 1)
    deliver("after", at: 10_000 - back)
    let snapshot = analytics.snapshot(at: at(10_000 - back))
    #expect(snapshot.window(.seconds(300))[.delivered] == 2)
    #expect(snapshot.windows(.seconds(300), by: .toAgent).map { $0.1[.delivered] } == [2])
  }

  @Test(arguments: UInt64(1)...5)
  func `a window equals the same window counted naively, also while nothing arrives`(_ seed: UInt64) {
    let (lines, observations) = story(seed)
    var analytics = Analytics()
    var rest = lines[...]
    for seconds in stride(from: 100.0, to: 5000, by: 137) {
      let moment = at(seconds)
      while let line = rest.first, line.receivedAt <= moment {
        analytics.step(line.frame, receivedAt: line.receivedAt)
        rest.removeFirst()
      }
      analytics.advance(to: moment)
      let snapshot = analytics.snapshot(at: moment)
      for length in [Int64(300), 600, 900, 1800] {
        let seen = observations.filter { $0.receivedAt <= moment.microseconds }
        check(
          snapshot.window(.seconds(length)), seen.filter { holds(length, moment, slice: 5, $0.receivedAt) })
        for (group, values) in snapshot.windows(.seconds(length), by: .toAgent) where values[.delivered] > 0 {
          check(
            values,
            seen.filter { holds(length, moment, slice: 15, $0.receivedAt) && group == .toAgent($0.to) })
        }
      }
    }
  }

  private func check(_ values: WindowValues, _ expected: [Observation]) {
    #expect(values[.delivered] == UInt64(expected.count))
    #expect(values.acknowledgement.count == UInt64(expected.count))
    #expect(values[.acknowledgements] == UInt64(expected.count))
    let microseconds = expected.reduce(Int64(0)) { $0 + Int64(($1.latency * 1e6).rounded()) }
    #expect(abs(values[.acknowledgementTime] - microseconds) <= Int64(2 * expected.count))
    let sorted = expected.map(\.latency).sorted()
    for quantile in [0.5, 0.95, 0.99] where !sorted.isEmpty {
      let exact = sorted[max(0, Int((quantile * Double(sorted.count)).rounded(.up)) - 1)]
      #expect(abs((values.acknowledgement.quantile(quantile) ?? 0) - exact) <= 0.01 * exact)
    }
  }

  @Test func `groups add up to the whole`() {
    var maker = StoryMaker(seed: 3)
    maker.tellsOfAgents = false
    var settings = AnalyticsSettings()
    settings.dimensions = Set(Dimension.allCases)
    var analytics = Analytics(settings)
    for line in maker.story(handoffs: 300, seconds: 400) {
      analytics.step(line.frame, receivedAt: line.receivedAt)
    }
    let snapshot = analytics.snapshot(at: at(450))
    let whole = snapshot.window(.seconds(1800))
    for dimension in Dimension.allCases {
      let groups = snapshot.windows(.seconds(1800), by: dimension)
      #expect(groups.reduce(0) { $0 + $1.values[.started] } == whole[.started], "\(dimension)")
      // Of an attempt told before its handoff was initiated, the agents are not known yet.
      let isOfWords = [.kind, .reason, .pattern, .strategy].contains(dimension)
      for tally in [Tally.delivered, .exhausted, .attempts, .acknowledgements] where isOfWords {
        #expect(groups.reduce(0) { $0 + $1.values[tally] } == whole[tally], "\(dimension) \(tally)")
      }
    }
    #expect(snapshot.areWindowsWhole(.seconds(1800)))
  }

  @Test func `with too many groups windows reach less far back, and say so`() {
    var settings = AnalyticsSettings()
    settings.capacity.groupRows = 1000
    settings.dimensions = [.toAgent]
    var scene = Scene(settings)
    for number in 0..<2000 {
      scene.deliver("h\(number)", at: Double(number), to: "agent \(number)")
    }
    #expect(!scene.snapshot.areWindowsWhole(.seconds(1800)))
    #expect(scene.snapshot.areWindowsWhole(.seconds(300)))
    let groups = scene.snapshot.windows(.seconds(300), by: .toAgent)
    #expect(groups.reduce(0) { $0 + $1.values[.delivered] } == scene.window()[.delivered])
    #expect(scene.snapshot.counters.overflow[.window] == 0)
  }

  @Test func `least and greatest are known over all handoffs`() throws {
    var scene = Scene()
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"))
    scene.tell(.acknowledged, "h1", at: 0.25)
    scene.tell(.initiated, "h2", at: 1, .from("a"), .to("b"))
    scene.tell(.acknowledged, "h2", at: 4)
    let range = try #require(scene.window().acknowledgementRange)
    #expect(range == (0.25, 3))
    #expect(scene.window().averageAcknowledgement == 1.625)
    scene.wait(until: 400)
    #expect(scene.window().acknowledgementRange == nil)
  }
}
