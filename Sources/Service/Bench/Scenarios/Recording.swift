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
    var rows: [Row] = []
    for question in try questions(small, large) { rows.append(try compare(question, small, large)) }
    return rows + (try exports(large))
  }

  /// One kind of question, and its targets for both.
  private struct Question {
    var what: String
    var small: (Int) -> String
    var large: (Int) -> String
    var count: Int
  }

  private func questions(_ small: LoadedRecord, _ large: LoadedRecord) throws -> [Question] {
    let week = Timestamp(microseconds: time.wall().microseconds - 7 * 86_400_000_000).text
    let year = Timestamp(microseconds: time.wall().microseconds - 365 * 86_400_000_000).text
    let count = scaled(1_000)
    func both(_ what: String, _ count: Int, _ target: @escaping (Int, LoadedRecord) -> String) -> Question {
      Question(what: what, small: { target($0, small) }, large: { target($0, large) }, count: count)
    }
    func any(_ number: Int, of loaded: LoadedRecord) -> Int {
      Int(RecordWorkload.mix(number) % UInt64(loaded.workload.handoffs))
    }
    let (page, largePage) = (try small.cursor(ofPage: 100), try large.cursor(ofPage: 100))
    return [
      both("a handoff by its id", count) { "/v1/handoffs/ho-\(any($0, of: $1))" },
      both("the way of a task", count) { "/v1/tasks/task-\(any($0, of: $1) / 4)" },
      both("failed towards an agent in a week", count) { number, _ in
        "/v1/handoffs?to_agent=\(RecordWorkload.agent(number))&state=failed&since=\(week)"
      },
      Question(
        what: "page 100 by cursor", small: { _ in "/v1/handoffs?limit=100&cursor=\(page)" },
        large: { _ in "/v1/handoffs?limit=100&cursor=\(largePage)" }, count: count),
      both("p99 of a year by day", count) { _, _ in
        "/v1/series?metric=ack_latency_seconds&step=1d&since=\(year)"
      },
      both("p99 of a year by day, for an agent", scaled(300)) { number, _ in
        "/v1/series?metric=ack_latency_seconds&step=1d&since=\(year)&to_agent=\(RecordWorkload.agent(number))"
      },
    ]
  }

  /// The 99th percentile of both, in turn.
  private func compare(_ question: Question, _ small: LoadedRecord, _ large: LoadedRecord) throws -> Row {
    _ = try small.milliseconds((0..<50).map(question.small), time)
    _ = try large.milliseconds((0..<50).map(question.large), time)
    var ours: [Double] = []
    var base: [Double] = []
    for round in 0..<5 {
      let numbers = (round * question.count)..<((round + 1) * question.count)
      base.append(try small.milliseconds(numbers.map(question.small), time).percentile(0.99))
      ours.append(try large.milliseconds(numbers.map(question.large), time).percentile(0.99))
    }
    return Row(
      what: "\(question.what), p99 of \(large.workload.events) events",
      measured: "\(Table.two(ours.median)) ms",
      yardstick: "\(Table.two(base.median)) ms of \(small.workload.events)",
      ratio: zip(ours, base).map { $0 / $1 }.median, wanted: .atMost(1.5))
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
