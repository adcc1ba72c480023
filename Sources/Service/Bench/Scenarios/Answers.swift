import BareServer
import LoadGenerator
import Platform
import TestSupport

extension Bench {
  /// Single events over 64 connections, answered when durable.
  func singles() throws -> [Row] {
    let requests = Workload(run: "single", now: time.wall()).singles(scaled(60_000))
    let pairs = try compare(requests, connections: 64, rounds: 3)
    return [
      Row(
        what: "single events, 64 connections, until durable",
        measured: Table.rate(pairs.map(\.ours.rate).median, "requests"),
        yardstick: Table.rate(pairs.map(\.bare.rate).median, "requests") + " (bare handler)",
        rounds: pairs.map { $0.ours.rate / $0.bare.rate }, wanted: .atLeast(0.6))
    ]
  }

  /// Batches of 500 while no database answers.
  func burst() throws -> [Row] {
    let requests = Workload(run: "burst", now: time.wall()).requests(events: scaled(1_000_000), batch: 500)
    // Each round is over in a second: it takes several to tell the program from the moment.
    let pairs = try compare(requests, connections: 8, rounds: 7)
    return [
      Row(
        what: "batches of 500, until durable, database stopped",
        measured: Table.rate(pairs.map(\.ours.rate).median * 500, "events"),
        yardstick: Table.rate(pairs.map(\.bare.rate).median * 500, "events") + " (bare handler)",
        rounds: pairs.map { $0.ours.rate / $0.bare.rate }, wanted: .atLeast(0.4))
    ]
  }

  /// A thousand connections, each with one event in flight.
  func connections() throws -> [Row] {
    let requests = Workload(run: "many", now: time.wall()).singles(scaled(60_000))
    let pairs = try compare(requests, connections: 1000, rounds: 3)
    let ours = pairs.map { $0.ours.milliseconds(at: 0.99) }
    let bare = pairs.map { $0.bare.milliseconds(at: 0.99) }
    return [
      Row(
        what: "1,000 connections with one event each, p99", measured: "\(Table.two(ours.median)) ms",
        yardstick: "\(Table.two(bare.median)) ms (bare handler)",
        rounds: zip(ours, bare).map { $0 / $1 }, wanted: .atMost(3))
    ]
  }

  /// The same requests to a sidecar and to the bare handler, in turn, each round on fresh ones.
  private func compare(
    _ requests: [[UInt8]], connections: Int, rounds: Int
  ) throws -> [(ours: LoadReport, bare: LoadReport)] {
    var pairs: [(ours: LoadReport, bare: LoadReport)] = []
    for _ in 0..<rounds {
      let ours = try Subject(database: nil).load(requests, connections: connections)
      let directory = try TemporaryDirectory("handoffd-bench")
      let bare = try BareServer(path: directory.file("bodies"))
      defer { bare.stop() }
      let report = try Subject.load(requests, connections: connections, to: "127.0.0.1:\(bare.port)")
      pairs.append((ours, report))
    }
    return pairs
  }
}
