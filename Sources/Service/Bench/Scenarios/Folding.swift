// Folding one event: how long it takes, over a stream like that of a busy platform. A hundred agents pass
// tasks of five hops; handoffs are initiated with a full envelope, acknowledged, and completed, while a
// thousand others are under way. Events lie in batches of 500, as they come from the spool. Time is
// taken over runs of 50 events, because reading a clock costs as much as a small part of one.
import Analytics
import Model
import Platform

extension Bench {
  /// What one event costs on one core, against what the issue of the numbers asks; and what memory a flood takes.
  func fold() -> [Row] {
    // The flood comes first, while nothing else has left memory behind.
    let memory = flood()
    let stream = FoldingStream(handoffs: scaled(200_000))
    // The quietest of several rounds: others may be using the machine.
    let rounds = (0..<3).map { _ in foldingRound(stream) }
    let watched = (0..<3).map { _ in foldingRound(stream, runsPerSnapshot: 400) }
    guard let cost = rounds.min(by: { $0.median < $1.median }),
      let seen = watched.min(by: { $0.mean < $1.mean }), let unseen = rounds.min(by: { $0.mean < $1.mean })
    else { return [memory] }
    let snapshot = max(0, seen.mean - unseen.mean) * 20_000 / 1e6
    return [
      Row(
        what: "folding an event, median", measured: "\(Table.two(cost.median)) ns", yardstick: "1000 ns",
        ratio: cost.median / 1000, wanted: .atMost(1)),
      Row(
        what: "the same, mean", measured: "\(Table.two(unseen.mean)) ns", yardstick: "1000 ns",
        ratio: unseen.mean / 1000, wanted: .atMost(1)),
      Row(
        what: "a snapshot of 100 agents, with what the fold copies after it",
        measured: "\(Table.two(snapshot)) ms", yardstick: "3 ms, of each 100", ratio: snapshot / 3,
        wanted: .atMost(1)),
      memory,
    ]
  }

  private func foldingRound(_ stream: FoldingStream, runsPerSnapshot: Int = .max) -> FoldingCost {
    var analytics = Analytics()
    var snapshot: Snapshot?
    var costs: [Double] = []
    for (number, run) in stream.runs(of: 50).enumerated() {
      let start = time.now()
      if number % runsPerSnapshot == runsPerSnapshot - 1, let now = run.first?.receivedAt {
        snapshot = analytics.snapshot(at: now)
      }
      for event in run { analytics.step(event.frame, receivedAt: event.receivedAt) }
      costs.append((time.now() - start).inSeconds * 1e9 / Double(run.count))
    }
    // What nobody looks at any more must not be given up early.
    _ = withExtendedLifetime(snapshot) { $0?.activeCount }
    // The first tenth only warms up: tables grow, agents appear.
    let warm = Array(costs.dropFirst(costs.count / 10))
    return FoldingCost(median: warm.median, mean: warm.reduce(0, +) / Double(max(1, warm.count)))
  }

  /// Resident memory after a million names of agents, tasks and handoffs, against that after a fifth of them.
  private func flood() -> Row {
    let count = scaled(1_000_000)
    var flood = FloodingStream()
    var analytics = Analytics()
    func resident(until number: Int) -> Double {
      while flood.count < number {
        for event in flood.next(500) { analytics.step(event.frame, receivedAt: event.receivedAt) }
      }
      return Double(ProcessSample.now().residentBytes) / 1e6
    }
    let early = resident(until: count / 5)
    let late = resident(until: count)
    return Row(
      what: "resident memory after \(count) strange agents, tasks and handoffs",
      measured: "\(Table.two(late)) MB", yardstick: "\(Table.two(early)) MB after \(count / 5)",
      ratio: late / early, wanted: .atMost(1.1))
  }
}

/// What folding cost, in nanoseconds an event.
private struct FoldingCost {
  /// The median over runs of 50 events.
  var median: Double
  /// The mean over all events.
  var mean: Double
}
