import Model
import Platform
import Postgres
import TestSupport

/// Questions to the record, which must not grow slower as it grows.
extension Bench {
  /// Every question over a million events and over ten.
  func record() throws -> [Row] {
    let cluster = try TestCluster(
      .init(isDurable: true, settings: ["shared_buffers": "1GB", "max_wal_size": "8GB"]))
    defer { try? cluster.stop() }
    let small = try LoadedRecord(events: scaled(1_000_000), on: cluster, time: time)
    let large = try LoadedRecord(events: scaled(10_000_000), on: cluster, time: time)
    for loaded in [small, large] {
      // Not measured against anything: it says what part of the scenario's time was not spent on questions.
      print("| \(loaded.workload.events) events loaded by the drain | \(Table.two(loaded.seconds)) s | | | |")
    }
    let bare = try BareQuestions(of: large, time: time)
    var rows: [Row] = []
    for question in RecordQuestion.all(count: scaled(1_000), now: time.wall()) {
      rows += try compare(question, small, large, bare)
    }
    return rows + (try exports(large))
  }

  /// The 99th percentile of both, and of the statements themselves, in turn.
  private func compare(
    _ question: RecordQuestion, _ small: LoadedRecord, _ large: LoadedRecord, _ bare: BareQuestions
  ) throws -> [Row] {
    var ours: [Double] = []
    var base: [Double] = []
    var statements: [Double] = []
    func p99(_ numbers: Range<Int>, of loaded: LoadedRecord) throws -> Double {
      try loaded.milliseconds(numbers.map { question.target($0, loaded) }, time).percentile(0.99)
    }
    func bareP99(_ numbers: Range<Int>) throws -> Double {
      try bare.milliseconds(numbers) { try question.ask($0, $1, large) }.percentile(0.99)
    }
    _ = (try p99(0..<50, of: small), try p99(0..<50, of: large), try bareP99(0..<50))
    for round in 0..<5 {
      let numbers = (round * question.count)..<((round + 1) * question.count)
      base.append(try p99(numbers, of: small))
      ours.append(try p99(numbers, of: large))
      statements.append(try bareP99(numbers))
    }
    let what = "\(question.what), p99 of \(large.workload.events) events"
    let measured = "\(Table.two(ours.median)) ms"
    return [
      Row(
        what: what, measured: measured,
        yardstick: "\(Table.two(base.median)) ms of \(small.workload.events)",
        ratio: zip(ours, base).map { $0 / $1 }.median,
        wanted: .atMost(1.5)),
      Row(
        what: what, measured: measured,
        yardstick: "\(Table.two(statements.median)) ms (the same statements, prepared)",
        ratio: zip(ours, statements).map { $0 / $1 }.median,
        wanted: .atMostOr(3, "2 ms", isSmall: ours.median <= 2)),
    ]
  }

  /// Exports, against the server's own way to give the same rows out.
  private func exports(_ loaded: LoadedRecord) throws -> [Row] {
    let since = Timestamp(microseconds: time.wall().microseconds - 10 * 86_400_000_000).text
    let reader = ExportReader(subject: loaded.subject, time: time)
    var rows: [Row] = []
    for (subject, query) in [
      ("handoffs", "SELECT * FROM handoffd.handoffs WHERE first_event_at >= '\(since)'"),
      (
        "events",
        """
        SELECT e.* FROM handoffd.handoffs AS h JOIN handoffd.handoff_events AS e ON e.handoff_id = h.handoff_id
          AND e.occurred_at BETWEEN h.first_event_at AND h.last_event_at
        WHERE h.first_event_at >= '\(since)' AND e.occurred_at >= '\(since)'
        """
      ),
    ] {
      let ours = try reader.read("/v1/export?of=\(subject)&since=\(since)")
      let (count, seconds) = try copied(query, loaded)
      guard ours.rows == count else { throw TestFailure("\(ours.rows) of \(count) \(subject) were exported") }
      let theirs = Double(count) / seconds
      rows.append(
        Row(
          what: "\(subject) exported", measured: Table.rate(ours.rowsPerSecond, "rows"),
          yardstick: Table.rate(theirs, "rows") + " (COPY)", ratio: ours.rowsPerSecond / theirs,
          wanted: .atLeast(0.5)))
      rows.append(
        Row(
          what: "resident memory while \(subject) are exported", measured: "\(ours.most >> 20) MB",
          yardstick: "\(ours.early >> 20) MB at the start",
          ratio: Double(ours.most) / Double(max(1, ours.early)),
          wanted: .atMost(1.1)))
    }
    return rows
  }

  private func copied(_ query: String, _ loaded: LoadedRecord) throws -> (rows: Int, seconds: Double) {
    let connection = try Connection.open(
      DatabaseAddress(loaded.database.connectionString),
      SessionOptions(applicationName: "handoffd/bare", readWrite: false), until: time.now() + .seconds(10),
      time: time, log: .silent)
    var rows = 0
    let start = time.now()
    try connection.copyOut("COPY (\(query)) TO STDOUT", until: time.now() + .seconds(600)) { _ in rows += 1 }
    return (rows, (time.now() - start).inSeconds)
  }
}

extension [Double] {
  /// Of ascending values the one that a share of them does not exceed.
  fileprivate func percentile(_ share: Double) -> Double {
    isEmpty ? 0 : self[Swift.min(count - 1, Int((share * Double(count)).rounded(.up)) - 1)]
  }
}
