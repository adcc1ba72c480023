import Decoding
import LoadGenerator
import Model
import Platform
import Postgres
import Spool
import Store
import TestSupport

extension Bench {
  /// From a socket until committed, against the same rows brought in by the same statements from a file.
  func endToEnd() throws -> [Row] {
    let events = scaled(2_000_000)
    let workload = Workload(run: "end", now: time.wall())
    let cluster = try TestCluster(.init(isDurable: true))
    defer { try? cluster.stop() }
    var ours: [Double] = []
    var bare: [Double] = []
    for _ in 0..<3 {
      ours.append(try committed(events, workload, cluster))
      bare.append(try loaded(events, workload, cluster))
    }
    return [
      Row(
        what: "batches of 500, 8 connections, until committed", measured: Table.rate(ours.median, "events"),
        yardstick: Table.rate(bare.median, "events") + " (the same statements from a file)",
        rounds: zip(ours, bare).map { $0 / $1 }, wanted: .atLeast(0.75))
    ]
  }

  /// The same way, taken in turns with another build of the program, so that a change shows what it costs.
  func against() throws -> [Row] {
    guard let other else { throw WorkloadError.refused("--against PROGRAM names the other build") }
    let events = scaled(1_000_000)
    let workload = Workload(run: "pair", now: time.wall())
    let cluster = try TestCluster(.init(isDurable: true))
    defer { try? cluster.stop() }
    var ours: [Double] = []
    var others: [Double] = []
    for round in 0..<7 {
      // Who comes first changes, because the second finds the larger cluster.
      if round.isMultiple(of: 2) {
        ours.append(try committed(events, workload, cluster))
        others.append(try committed(events, workload, cluster, program: other))
      } else {
        others.append(try committed(events, workload, cluster, program: other))
        ours.append(try committed(events, workload, cluster))
      }
    }
    return [
      Row(
        what: "end to end, this build and another in turns", measured: Table.rate(ours.median, "events"),
        yardstick: Table.rate(others.median, "events") + " (\(other))",
        rounds: zip(ours, others).map { $0 / $1 }, wanted: .atLeast(0.95))
    ]
  }

  /// Events a second from the first request until the last event is committed.
  private func committed(
    _ events: Int, _ workload: Workload, _ cluster: TestCluster, program: String? = nil
  ) throws -> Double {
    let database = try cluster.database()
    let subject = try Subject(database: database.connectionString, program: program)
    let requests = workload.requests(events: events, batch: 500)
    try subject.waitUntilDraining()
    let start = time.now()
    _ = try subject.load(requests, connections: 8)
    try subject.waitCommitted(events)
    return Double(events) / (time.now() - start).inSeconds
  }

  /// Events a second of the bare load.
  private func loaded(_ events: Int, _ workload: Workload, _ cluster: TestCluster) throws -> Double {
    let database = try cluster.database()
    try prepareSchema(database)
    let directory = try TemporaryDirectory("handoffd-bench")
    let spool = SpoolID(high: 1, low: 2)
    let receivedAt = time.wall()
    let prepared = try PreparedFile.write(
      Payloads(workload: workload, events: events, receivedAt: receivedAt), of: spool, receivedAt: receivedAt,
      to: directory.file("rows"))
    guard prepared == events else { throw WorkloadError.refused("\(prepared) of \(events) were prepared") }
    let load = BareLoad(
      database: try DatabaseAddress(database.connectionString), spool: spool, time: time, log: .silent)
    return try load.run(PreparedFile(path: directory.file("rows"))).eventsPerSecond
  }

  /// The schema and its partitions, made by a sidecar that takes nothing but one event of another handoff.
  private func prepareSchema(_ database: TestDatabase) throws {
    let subject = try Subject(database: database.connectionString)
    try subject.waitUntilDraining()
    _ = try subject.load(Workload(run: "first", now: time.wall()).singles(1), connections: 1)
    try subject.waitCommitted(1)
  }
}

/// The payloads that a sidecar would spool for a workload, batch by batch.
private struct Payloads: Sequence, IteratorProtocol {
  let workload: Workload
  let events: Int
  let receivedAt: WallTime
  private var position = 0
  private let decoders = DecodingSettings()

  init(workload: Workload, events: Int, receivedAt: WallTime) {
    self.workload = workload
    self.events = events
    self.receivedAt = receivedAt
  }

  mutating func next() -> [UInt8]? {
    guard position < events else { return nil }
    let end = Swift.min(position + 500, events)
    defer { position = end }
    var decoder = Decoder(settings: decoders)
    let at = Timestamp(microseconds: receivedAt.microseconds)
    let batch = try? decoder.decode(
      workload.lines(position..<end), contentType: "application/x-ndjson", receivedAt: at)
    return batch?.payload.payload(receivedAt: at, from: "bench")
  }
}
