import Foundation
import Platform
import TestSupport
import Testing

/// Two real sidecars on one database: one is the senders', the other the receivers'.
private struct Two {
  let sender: RunningSidecar
  let receiver: RunningSidecar
  let start = Int(Date().timeIntervalSince1970)

  init() throws {
    sender = try RunningSidecar(["--acknowledgement-timeout", "3s"])
    receiver = try RunningSidecar(["--acknowledgement-timeout", "3s"], database: sender.database)
    for sidecar in [sender, receiver] {
      try eventually("the past", within: .seconds(30), every: .milliseconds(20)) {
        try sidecar.process.connect().get("/-/ready").object.text("status") == "ready"
      }
    }
  }

  func initiate(_ id: String, to: String = "b", ago: Int = 0) -> String {
    #"{"type":"handoff.initiated","handoff_id":"\#(id)","from_agent":"a","to_agent":"\#(to)","occurred_at":\#(start - ago)}"#
  }

  func tell(_ type: String, _ id: String, ago: Int = 0) -> String {
    #"{"type":"handoff.\#(type)","handoff_id":"\#(id)","occurred_at":\#(start - ago)}"#
  }

  /// A series of both /metrics together; one that is not there counts as 0.
  func sum(_ series: String) throws -> Double {
    try [sender, receiver].reduce(0) { sum, sidecar in
      let page = try sidecar.process.connect().get("/metrics").text
      let line = page.split(separator: "\n").first { $0.hasPrefix(series + " ") }
      return sum + (line.flatMap { Double($0.dropFirst(series.count + 1)) } ?? 0)
    }
  }

  func waitForSum(_ series: String, _ value: Double) throws {
    try eventually("\(series) \(value)", within: .seconds(10), every: .milliseconds(20)) {
      try sum(series) == value
    }
  }

  /// The ids of the open handoffs that a sidecar calls overdue.
  func overdue(at sidecar: RunningSidecar) throws -> [String] {
    try sidecar.get("/v1/active?scope=instance").objects("handoffs")
      .filter { $0["overdue"] as? Bool == true }.compactMap { $0.text("handoff_id") }.sorted()
  }
}

@Suite struct PairTests {
  private static let latencies = #"handoff_ack_latency_seconds_count{to_agent="b"}"#
  private static let durations = #"handoff_duration_seconds_count{to_agent="b"}"#

  @Test func `halves that come to two sidecars meet once, whichever is stored first`() throws {
    let two = try Two()
    // The sending first, the answer first, and both at once.
    for number in 0..<5 { try two.sender.send(two.initiate("s\(number)", ago: 2)) }
    for number in 0..<5 { try two.receiver.send(two.tell("acknowledged", "r\(number)", ago: 1)) }
    _ = try two.receiver.handoff("s4")
    _ = try two.sender.handoff("r4")
    for number in 0..<5 {
      try two.receiver.send(two.tell("acknowledged", "s\(number)", ago: 1))
      try two.sender.send(two.initiate("r\(number)", ago: 2))
      try two.sender.send(two.initiate("m\(number)", ago: 2))
      try two.receiver.send(two.tell("acknowledged", "m\(number)", ago: 1))
    }
    try two.waitForSum(Self.latencies, 15)
    // Both halves at one sidecar, in two commits, while the other is there.
    try two.sender.send(two.initiate("one", ago: 2))
    _ = try two.sender.handoff("one")
    try two.sender.send(two.tell("acknowledged", "one", ago: 1))
    for id in (0..<5).flatMap({ ["s\($0)", "r\($0)", "m\($0)"] }) {
      try two.receiver.send(two.tell("completed", id))
    }
    try two.waitForSum(Self.durations, 15)
    try two.waitForSum(Self.latencies, 16)
    #expect(try two.sum(#"handoff_ack_latency_seconds_sum{to_agent="b"}"#) == 16)
    #expect(try two.sum(#"handoff_duration_seconds_sum{to_agent="b"}"#) == 30)
    #expect(try two.sum(#"handoff_finished_total{to_agent="b",outcome="delivered"}"#) == 16)
  }

  @Test func `nobody calls overdue what was answered at the other`() throws {
    let two = try Two()
    // Known at the receiver's sidecar, so that the state of both can be wrong.
    try two.receiver.send(
      #"{"type":"handoff.step","handoff_id":"answered","to_agent":"b","step":{"name":"queued"}}"#)
    try two.sender.send(two.initiate("answered"))
    try two.receiver.send(two.tell("acknowledged", "answered"))
    // Initiated after it, and answered by nobody: once this one is overdue, the other would be.
    try two.sender.send(
      #"{"type":"handoff.initiated","handoff_id":"silent","from_agent":"a","to_agent":"b"}"#)
    try eventually("an overdue handoff", within: .seconds(15), every: .milliseconds(20)) {
      #expect(try !two.overdue(at: two.sender).contains("answered"))
      #expect(try !two.overdue(at: two.receiver).contains("answered"))
      return try two.overdue(at: two.sender) == ["silent"]
    }
    let open = try two.sender.get("/v1/active?scope=instance").objects("handoffs")
    #expect(open.first { $0.text("handoff_id") == "answered" }?.text("state") == "acknowledged")
  }

  @Test func `with the database away, only receivers that answer here are called overdue`() throws {
    let two = try Two()
    try two.sender.send(two.initiate("known", to: "here", ago: 2), two.tell("acknowledged", "known", ago: 1))
    let name = two.sender.database.name
    let cluster = two.sender.database.cluster
    try cluster.psql("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
    try cluster.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)'")
    for (id, to) in [("elsewhere", "there"), ("late", "here")] {
      try two.sender.send(
        #"{"type":"handoff.initiated","handoff_id":"\#(id)","from_agent":"a","to_agent":"\#(to)"}"#)
    }
    try eventually("an overdue handoff", within: .seconds(15), every: .milliseconds(20)) {
      let overdue = try two.overdue(at: two.sender)
      #expect(!overdue.contains("elsewhere"))
      return overdue == ["late"]
    }
    try cluster.psql("ALTER DATABASE \(name) ALLOW_CONNECTIONS true")
    try eventually("both overdue", within: .seconds(30), every: .milliseconds(20)) {
      try two.overdue(at: two.sender) == ["elsewhere", "late"]
    }
  }
}
