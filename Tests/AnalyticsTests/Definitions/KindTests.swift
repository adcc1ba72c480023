import Analytics
import Model
import Testing

/// Kinds, patterns and strategies, each measured by itself; taken together they are what is measured without them.
@Suite struct KindTests {
  @Test func `each kind has outcomes, latency, results and the wait for them`() {
    var scene = Scene()
    scene.deliver("h1", at: 0, .kind("delegation"))
    scene.tell(.completed, "h1", at: 31)
    scene.tell(.completed, "h1", at: 40)
    scene.deliver("h2", at: 50, .kind("warm"))
    scene.tell(.failed, "h2", at: 53)
    scene.exhaust("h3", at: 60)
    let kinds = scene.snapshot.counters.kinds
    #expect(kinds[.delegation, .delivered] == 1 && kinds[.delegation, WorkResult.completed] == 1)
    #expect(kinds.resultWait(.delegation).sum == 30 && kinds.resultWait(.delegation).count == 1)
    #expect(kinds.acknowledgement(.delegation).sum == 1)
    #expect(kinds[.warm, .delivered] == 1 && kinds[.warm, WorkResult.failed] == 1)
    #expect(kinds.resultWait(.warm).sum == 2)
    // Nobody said what the third is; it is the others' neither.
    #expect(kinds[.other, Outcome.failed] == 1 && kinds[.other, WorkResult.failed] == 0)
    #expect(kinds.acknowledgement(.other).count == 0)
  }

  @Test func `a sender is held up until its handoff is taken, wherever it went, or given up`() {
    var scene = Scene()
    func waits(_ pattern: HandoffPattern) -> [Double] {
      let waited = scene.snapshot.counters.blocking(pattern)
      return [Double(waited.count), waited.sum]
    }
    scene.tell(.initiated, "h1", at: 0, .from("a"), .to("b"), .pattern("direct"))
    scene.tell(.attemptFailed, "h1", at: 10)
    scene.tell(.rerouted, "h1", at: 20, .formerly("b"), .to("c"))
    #expect(waits(.direct) == [0, 0])
    scene.tell(.acknowledged, "h1", at: 21)
    scene.tell(.completed, "h1", at: 90)
    #expect(waits(.direct) == [1, 21])
    scene.tell(.initiated, "h2", at: 100, .from("a"), .to("b"), .pattern("retry"))
    scene.tell(.failed, "h2", at: 130)
    scene.tell(.replayed, "h2", at: 150)
    scene.tell(.acknowledged, "h2", at: 151)
    #expect(waits(.retry) == [1, 30])
    scene.tell(.initiated, "h3", at: 200, .from("a"), .to("b"))
    scene.wait(until: 1000)
    // Nobody knows how long it would have waited.
    #expect(waits(.other) == [0, 0])
  }

  @Test func `who sends here waits here, though the answer came to another sidecar`() throws {
    var sender = Scene()
    var database = Database()
    sender.analytics.setReach(.reachable, at: at(0))
    sender.tell(.initiated, "h", at: 0, .from("a"), .to("b"), .pattern("direct"))
    var receiver = Scene()
    receiver.teller.name = "elsewhere"
    receiver.tell(.acknowledged, "h", at: 4, .to("b"))
    for line in sender.lines + receiver.lines { database.commit(line) }
    let known = try #require(database.handoff("h"))
    for second in [5.0, 6] {
      sender.analytics.refresh([known], at: at(second))
      receiver.analytics.refresh([known], at: at(second))
    }
    receiver.analytics.complete(.acknowledgement, of: known, at: at(6))
    #expect(sender.snapshot.counters.blocking(.direct).sum == 4)
    #expect(receiver.snapshot.counters.blocking(.direct).count == 0)
  }

  @Test func `what a way of packing is worth: completeness and budget, sum by sum`() {
    var scene = Scene()
    scene.tell(
      .initiated, "h1", at: 0, .from("a"), .to("b"), .strategy("lazy_loading"), .references(10, 5),
      .tokens(4000, used: 1000))
    scene.tell(
      .initiated, "h2", at: 1, .from("a"), .to("b"), .strategy("lazy_loading"), .tokens(0, used: 500))
    scene.tell(.initiated, "h3", at: 2, .from("a"), .to("b"), .strategy("full_dump"))
    // Only the receiver knows what it could resolve.
    scene.tell(.acknowledged, "h3", at: 3, .references(20, 20))
    scene.tell(.initiated, "h4", at: 4, .from("a"), .to("b"), .references(4, 3))
    let packed = scene.snapshot.counters.packed
    func sums(_ strategy: EnvelopeStrategy) -> [UInt64] {
      StrategyCounter.allCases.map { packed[$0, strategy] }
    }
    #expect(sums(.lazyLoading) == [10, 5, 1000, 4000])
    #expect(sums(.fullDump) == [20, 20, 0, 0])
    #expect(sums(.other) == [4, 3, 0, 0] && sums(.summaryRefs) == [0, 0, 0, 0])
  }

  @Test(arguments: UInt64(1)...10)
  func `kinds, patterns and strategies add up to the whole`(_ seed: UInt64) {
    var maker = StoryMaker(seed: seed)
    var analytics = Analytics()
    for line in maker.story(handoffs: 200, seconds: 1500) {
      analytics.step(line.frame, receivedAt: line.receivedAt)
    }
    analytics.advance(to: at(10_000))
    let snapshot = analytics.snapshot(at: at(10_000))
    let (counters, all) = (snapshot.counters, snapshot.totals)
    for outcome in Outcome.allCases {
      #expect(total(HandoffKind.allCases) { counters.kinds[$0, outcome] } == all[finished: outcome])
    }
    #expect(total(HandoffKind.allCases) { counters.kinds[$0, WorkResult.completed] } == all[.completed])
    #expect(total(HandoffKind.allCases) { counters.kinds[$0, WorkResult.failed] } == all[.workFailed])
    let latencies = total(HandoffKind.allCases) { counters.kinds.acknowledgement($0).count }
    #expect(latencies == counters.acknowledgement.count && latencies > 0)
    let waits = total(HandoffKind.allCases) { counters.kinds.resultWait($0).count }
    #expect(waits == counters[HandoffPhase.work].count && waits > 0)
    for (sum, whole) in [
      (StrategyCounter.referencesRequested, AgentCounter.referencesRequested),
      (.referencesResolved, .referencesResolved), (.tokensUsed, .tokensUsed),
      (.tokensBudgeted, .tokensBudgeted),
    ] {
      #expect(total(EnvelopeStrategy.allCases) { counters.packed[sum, $0] } == all[whole])
    }
    let answered = total(HandoffPattern.allCases) { counters.blocking($0).count }
    #expect(answered > 0 && answered <= all[.sent])
  }

  private func total<Word>(_ words: [Word], _ count: (Word) -> UInt64) -> UInt64 {
    words.reduce(0) { $0 + count($1) }
  }
}
