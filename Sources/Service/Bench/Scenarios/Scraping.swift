import LoadGenerator
import Platform
import TestSupport

/// The metrics page of a hundred agents, against Debian's Pushgateway that holds the same series.
extension Bench {
  private static let scrape = [
    ("Accept", "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"), ("Accept-Encoding", "gzip"),
  ]

  /// Scrapes a second, with nothing new between two of them and with an event between each; and the page's size.
  func scraping() throws -> [Row] {
    let database = try TestCluster.shared().database()
    let subject = try Subject(database: database.connectionString)
    try subject.waitUntilDraining()
    let ours = try subject.process.connect()
    try post(busyFleet, over: ours)
    try subject.waitCommitted(700)
    let page = try ours.get("/metrics")
    let series = page.text.split(separator: "\n").count { !$0.hasPrefix("#") }
    let packed = try ours.send("GET", "/metrics", headers: Self.scrape).body.count
    let gateway = try Gateway()
    let theirs = try HTTPConnection(gateway.endpoint)
    try gateway.push(page.body, job: "bench", over: theirs)
    var number = 0
    let still = try pairs(ours, theirs) {}
    let moving = try pairs(ours, theirs) {
      number += 1
      try post(Self.oneEvent(number), over: ours)
    } theirs: {
      try gateway.push(Array("changed \(number)\n".utf8), job: "other", over: theirs)
    }
    return [
      row("scrapes with nothing new in between", still, atLeast: 10),
      row("scrapes with an event before each", moving, atLeast: 3),
      Row(
        what: "series of 100 agents", measured: "\(series)", yardstick: "10000",
        ratio: Double(series) / 10_000, wanted: .atMost(1)),
      Row(
        what: "the same page packed", measured: "\(packed) bytes", yardstick: "120000 bytes",
        ratio: Double(packed) / 120_000, wanted: .atMost(1)),
    ]
  }

  private func row(_ what: String, _ pairs: [(ours: Double, theirs: Double)], atLeast bound: Double) -> Row {
    Row(
      what: what, measured: Table.rate(pairs.map(\.ours).median, "scrapes"),
      yardstick: Table.rate(pairs.map(\.theirs).median, "scrapes") + " (Pushgateway)",
      ratio: pairs.map { $0.ours / $0.theirs }.median, wanted: .atLeast(bound))
  }

  /// Scrapes a second of both, in turn, with `change` made before each; where the other is not told, the same one.
  private func pairs(
    _ ours: HTTPConnection, _ theirs: HTTPConnection, change: () throws -> Void,
    theirs changeThere: () throws -> Void = {}
  ) throws -> [(ours: Double, theirs: Double)] {
    try (0..<5).map { _ in
      (
        try rate(scaled(1000), of: ours, change: change),
        try rate(scaled(200), of: theirs, change: changeThere)
      )
    }
  }

  /// Scrapes a second; the changes in between are not counted in.
  private func rate(_ count: Int, of server: HTTPConnection, change: () throws -> Void) throws -> Double {
    var seconds = 0.0
    for _ in 0..<count {
      try change()
      let start = time.now()
      let answer = try server.send("GET", "/metrics", headers: Self.scrape)
      seconds += (time.now() - start).inSeconds
      guard answer.status == 200 else { throw TestFailure("a scrape was answered \(answer.status)") }
    }
    return Double(count) / seconds
  }

  private func post(_ lines: String, over connection: HTTPConnection) throws {
    let answer = try connection.post("/v1/events", lines, type: "application/x-ndjson")
    guard answer.status == 200 else {
      throw TestFailure("events were answered \(answer.status): \(answer.text)")
    }
  }

  private static func oneEvent(_ number: Int) -> String {
    #"{"type":"handoff.initiated","handoff_id":"more-\#(number)","from_agent":"agent-1","to_agent":"agent-\#(number % 100)"}"#
  }

  /// A hundred agents to each of which everything happens that has a series of its own.
  private var busyFleet: String {
    let now = Double(time.wall().microseconds) / 1e6 - 120
    return (0..<100).map { agent in
      let (from, to) = ("agent-\(agent)", "agent-\((agent + 1) % 100)")
      return """
        {"type":"handoff.initiated","handoff_id":"a-\(agent)","from_agent":"\(from)","to_agent":"\(to)","occurred_at":\(now),"kind":"warm","pattern":"sequential","reason":"specialization","task_id":"t-\(agent / 5)","envelope":{"version":"2.0","bytes":5120,"strategy":"priority_trimming","tokens":{"budget":4000,"used":3247,"trimmed":3},"memory_refs":{"requested":20,"resolved":19},"sections":["task_context"],"confidence":0.9}}
        {"type":"handoff.attempt_failed","handoff_id":"a-\(agent)","attempt":1,"occurred_at":\(now + 1),"error":{"class":"retryable","type":"timeout"}}
        {"type":"handoff.acknowledged","handoff_id":"a-\(agent)","occurred_at":\(now + 2)}
        {"type":"handoff.completed","handoff_id":"a-\(agent)","occurred_at":\(now + 5)}
        {"type":"handoff.initiated","handoff_id":"b-\(agent)","from_agent":"\(from)","to_agent":"\(to)","occurred_at":\(now + 6)}
        {"type":"handoff.failed","handoff_id":"b-\(agent)","occurred_at":\(now + 7),"error":{"class":"permanent","type":"crash"}}
        {"type":"agent.health","agent":"\(from)","health":{"status":"healthy","cpu":0.5,"memory_mb":200,"response_ms":20,"queue_depth":1,"error_rate":0.01}}
        """
    }.joined(separator: "\n")
  }
}

/// What watching costs: events until acknowledged, with a scrape every 100 ms and without.
extension Bench {
  func watching() throws -> [Row] {
    let requests = Workload(run: "watched", now: time.wall()).requests(events: scaled(2_000_000), batch: 500)
    let pairs = try (0..<5).map { _ in (try load(requests, watched: true), try load(requests, watched: false))
    }
    return [
      Row(
        what: "batches of 500, until durable, with a scrape every 100 ms",
        measured: Table.rate(pairs.map(\.0).median * 500, "events"),
        yardstick: Table.rate(pairs.map(\.1).median * 500, "events") + " (without scrapes)",
        ratio: pairs.map { $0.0 / $0.1 }.median, wanted: .atLeast(0.97))
    ]
  }

  private func load(_ requests: [[UInt8]], watched: Bool) throws -> Double {
    let subject = try Subject(database: nil)
    try post(busyFleet, over: try subject.process.connect())
    let isOver = Gate(false)
    let process = subject.process
    let watcher = try watched ? Lane(name: "watcher") { Self.watch(process, isOver) } : nil
    defer {
      isOver.withLock { $0 = true }
      isOver.broadcast()
      watcher?.join()
    }
    return try subject.load(requests, connections: 8).rate
  }

  private static func watch(_ process: SidecarProcess, _ isOver: Gate<Bool>) {
    let time = SystemTime()
    guard let connection = try? process.connect() else { return }
    while isOver.wait(until: time.now() + .milliseconds(100), { $0 ? true : nil }) == nil {
      _ = try? connection.send("GET", "/metrics", headers: scrape)
    }
  }
}
