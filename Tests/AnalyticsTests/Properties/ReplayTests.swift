import Analytics
import Model
import Testing

@Suite struct ReplayTests {
  private func fold(_ lines: [Line], looking every: Double? = nil) -> Analytics {
    var analytics = Analytics()
    var looked = lines.first?.receivedAt ?? at(0)
    for line in lines {
      while let every, looked < line.receivedAt {
        analytics.advance(to: looked)
        looked.microseconds += Int64(every * 1e6)
      }
      analytics.step(line.frame, receivedAt: line.receivedAt)
    }
    return analytics
  }

  @Test(arguments: UInt64(1)...20)
  func `replay of the log equals the live state, however often somebody looked`(_ seed: UInt64) {
    var maker = StoryMaker(seed: seed)
    let lines = maker.story(handoffs: 200, seconds: 1500)
    var live = fold(lines, looking: 0.7)
    var replayed = fold(lines)
    var looking = fold(lines, looking: 61)
    for seconds in [0.0, 35, 700, 4000] {
      guard let last = lines.last?.receivedAt else { return }
      let moment = Timestamp(microseconds: last.microseconds + Int64(seconds * 1e6))
      live.advance(to: moment)
      replayed.advance(to: moment)
      looking.advance(to: moment)
      let expected = Digest.everything(live.snapshot(at: moment, active: 1000))
      for other in [replayed, looking] {
        let found = Digest.everything(other.snapshot(at: moment, active: 1000))
        #expect((found - expected).first == nil)
        #expect((expected - found).first == nil)
      }
    }
  }

  @Test(arguments: UInt64(1)...40)
  func `shuffled arrivals give the same state of every handoff`(_ seed: UInt64) {
    var maker = StoryMaker(seed: seed)
    maker.tellsOfAgents = false
    let lines = maker.story(handoffs: 60, seconds: 200)
    guard let end = lines.map(\.receivedAt).max() else { return }
    // All of it is received within the last second, in any order: nothing is late, nothing runs out.
    let arrivals = (0..<4).map { round in
      (round == 0 ? lines : lines.shuffled(using: &maker.random)).enumerated().map { place, line in
        Line(frame: line.frame, receivedAt: Timestamp(microseconds: end.microseconds + Int64(place)))
      }
    }
    let moment = Timestamp(microseconds: end.microseconds + 20_000_000)
    let states = arrivals.map { lines in
      var analytics = fold(lines)
      analytics.advance(to: moment)
      return Digest.state(analytics.snapshot(at: moment, active: 1000))
    }
    for state in states.dropFirst() {
      #expect((state - states[0]).first == nil)
      #expect((states[0] - state).first == nil)
    }
  }

  @Test func `a snapshot does not change when the fold goes on`() {
    var maker = StoryMaker(seed: 7)
    let lines = maker.story(handoffs: 100, seconds: 500)
    var analytics = fold(Array(lines.prefix(200)))
    let moment = lines[200].receivedAt
    let snapshot = analytics.snapshot(at: moment, active: 1000)
    let before = Digest.everything(snapshot)
    for line in lines.dropFirst(200) { analytics.step(line.frame, receivedAt: line.receivedAt) }
    analytics.advance(to: at(10_000))
    #expect(Digest.everything(snapshot) == before)
    #expect(Digest.everything(analytics.snapshot(at: at(10_000), active: 1000)) != before)
  }

  @Test(arguments: UInt64(1)...10)
  func `sums over labels equal totals`(_ seed: UInt64) {
    var maker = StoryMaker(seed: seed)
    let lines = maker.story(handoffs: 300, seconds: 1200)
    var settings = AnalyticsSettings()
    settings.capacity.exposedAgents = 3
    var analytics = Analytics(settings)
    for line in lines { analytics.step(line.frame, receivedAt: line.receivedAt) }
    analytics.advance(to: at(9000))
    let snapshot = analytics.snapshot(at: at(9000))
    let totals = snapshot.totals
    let initiated = Set(
      lines.filter { $0.frame.type == .initiated }.compactMap {
        $0.frame.value(of: .handoffID).map(Array.init)
      })
    #expect(HandoffPattern.allCases.reduce(0) { $0 + totals[started: $1] } == UInt64(initiated.count))
    #expect(totals[.sent] == UInt64(initiated.count))
    #expect(snapshot.counters.hopDepth.count == UInt64(initiated.count))
    var reasons: UInt64 = 0
    for reason in HandoffReason.allCases {
      for kind in HandoffKind.allCases { reasons += snapshot.counters[reason, kind] }
    }
    #expect(reasons == UInt64(initiated.count))
    let exhausted = FailureReason.allCases.reduce(0) { $0 + totals[failures: $1] }
    let finished = Outcome.allCases.reduce(0) { $0 + totals[finished: $1] }
    #expect(finished <= UInt64(initiated.count))
    #expect(exhausted <= finished)
    let events = EventType.allCases.reduce(0) { $0 + snapshot.counters[events: $1] }
    #expect(events == UInt64(lines.count))
    let observed = (0..<snapshot.seriesCount).reduce(0) {
      $0 + snapshot.counters(ofSeries: $1).acknowledgement.count
    }
    #expect(observed == snapshot.counters.acknowledgement.count)
  }
}
