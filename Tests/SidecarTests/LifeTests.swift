import Foundation
import Platform
import TestSupport
import Testing

@Suite struct LifeTests {
  private static let nowhere = "host=127.0.0.1 port=1 dbname=none user=none"

  @Test func `without a database events are taken in, and it says degraded`() throws {
    let sidecar = try RunningSidecar(url: Self.nowhere)
    #expect(try sidecar.send(#"{"type":"handoff.step","handoff_id":"h"}"#).status == 200)
    let ready = try sidecar.process.connect().get("/-/ready")
    #expect(ready.status == 200)
    #expect(try ready.object.text("status") == "degraded")
    #expect(try sidecar.process.connect().get("/-/healthy").status == 200)
    #expect(try sidecar.metric("handoffd_store_up") == 0)
    #expect(try sidecar.metric("handoffd_spool_events") == 1)
    let query = try sidecar.process.connect().get("/v1/handoffs")
    #expect(query.status == 503)
    #expect(query["retry-after"] != nil)
  }

  @Test func `an idle sidecar says that its database is gone, and that it is back`() throws {
    let database = try TestCluster.shared().database()
    let proxy = try FaultProxy(.port(database.cluster.port))
    defer { proxy.stop() }
    let sidecar = try RunningSidecar(url: database.uri(port: proxy.port), database: database)
    func says(_ status: String, storeUp: Double) throws -> Bool {
      try sidecar.process.connect().get("/-/ready").object.text("status") == status
        && sidecar.metric("handoffd_store_up") == storeUp
    }
    try eventually { try says("ready", storeUp: 1) }
    proxy.refuse(true)
    proxy.cutAll()
    try eventually { try says("degraded", storeUp: 0) }
    proxy.refuse(false)
    try eventually { try says("ready", storeUp: 1) }
  }

  @Test(arguments: [
    ("ALTER TABLE handoffd.handoffs RENAME TO elsewhere", "takes no events"),
    ("UPDATE handoffd.spool_positions SET epoch = epoch + 1", "another process"),
  ])
  func `a database that answers but in which nothing is stored is told`(harm: String, words: String) throws {
    let sidecar = try RunningSidecar()
    try eventually { try sidecar.metric("handoffd_store_up") == 1 }
    try sidecar.database.psql(harm)
    try sidecar.send(#"{"type":"handoff.step","handoff_id":"h"}"#)
    try eventually("\(words) among the reasons", every: .milliseconds(20)) {
      let ready = try sidecar.process.connect().get("/-/ready").object
      let reasons = ready["reasons"] as? [String] ?? []
      return ready.text("status") == "degraded" && reasons.count == 1 && reasons[0].contains(words)
    }
    #expect(try sidecar.metric("handoffd_spool_events") == 1)
  }

  @Test func `what could not be drained is drained by the next process`() throws {
    let sidecar = try RunningSidecar(url: Self.nowhere)
    try sidecar.send(#"{"type":"handoff.step","handoff_id":"left","event_id":"e"}"#)
    #expect(sidecar.process.terminate() == 0)
    let next = try SidecarProcess(
      in: sidecar.directory, .init(["--database-url", sidecar.database.connectionString]))
    defer { next.kill() }
    try next.waitUntilReady()
    try eventually("the event in PostgreSQL", within: .seconds(20), every: .milliseconds(20)) {
      try next.connect().get("/v1/handoffs/left").status == 200
    }
  }

  @Test func `SIGTERM ends it with 0 and takes its address away`() throws {
    let sidecar = try RunningSidecar()
    let address = sidecar.process.dataDirectory + "/handoffd.address"
    #expect(Directory.exists(address))
    #expect(sidecar.process.terminate(within: .seconds(10)) == 0)
    #expect(!Directory.exists(address))
  }

  @Test func `a second process on the same spool says who has it`() throws {
    let sidecar = try RunningSidecar()
    let second = try SidecarProcess(
      in: sidecar.directory, dataDirectory: sidecar.process.dataDirectory,
      .init(["--database-url", sidecar.database.connectionString]))
    #expect(second.wait(within: .seconds(20)) == 1)
    #expect(second.log.contains("locked by pid \(sidecar.process.pid)"))
  }

  @Test func `with ack postgres an answer means that it is committed`() throws {
    let sidecar = try RunningSidecar(["--ack", "postgres"])
    for number in 0..<20 {
      #expect(
        try sidecar.send(#"{"type":"handoff.step","handoff_id":"h\#(number)","event_id":"e"}"#).status == 200)
      #expect(try sidecar.database.psql("SELECT count(*) FROM handoffd.handoff_events") == "\(number + 1)")
    }
  }

  @Test func `with ack postgres and no database the answer comes after its time and says what is so`()
    throws
  {
    let sidecar = try RunningSidecar(
      ["--ack", "postgres", "--database-timeout", "200ms"], url: RunningSidecar.nowhere)
    let start = SystemTime().now()
    let event = #"{"type":"handoff.step","handoff_id":"h","event_id":"e"}"#
    let answer = try sidecar.send(event)
    // Less than the 25 s that it waits at most, with room for a machine that does much else.
    #expect(SystemTime().now() - start < .seconds(15))
    #expect(answer.status == 503 && answer["Retry-After"] == "5")
    let detail = try #require(try answer.object.text("detail"))
    #expect(detail.contains("are on this machine's disk") && detail.contains("not committed"))
    #expect(detail.contains("to send them again is safe"))
    #expect(try sidecar.metric("handoffd_spool_events") == 1)
    // It is as was said: the second time it is known, and not stored again.
    #expect(try sidecar.send(event).status == 503)
    #expect(try sidecar.metric("handoffd_spool_events") == 1)
  }

  @Test func `a reload takes what can change, and a faulty file changes nothing`() throws {
    let directory = try TemporaryDirectory()
    let file = directory.file("handoffd.yaml")
    func write(_ text: String) throws {
      try FileDescriptor.open(file, [.write, .create, .truncate]).write(all: Array(text.utf8), at: 0)
    }
    try write("acknowledgement_timeout: 30s\n")
    let sidecar = try RunningSidecar(["--config", file])
    try write("acknowledgement_timeout: 1ms\nmax_events: 7\n")
    let answer = try sidecar.process.connect().send("POST", "/-/reload")
    #expect(answer.status == 200)
    #expect(try answer.object["changed"] as? [String] == ["acknowledgement-timeout"])
    #expect(try answer.object["needs_restart"] as? [String] == ["max-events"])
    try sidecar.send(#"{"type":"handoff.initiated","handoff_id":"h","from_agent":"a","to_agent":"b"}"#)
    #expect(try sidecar.handoff("h").object("handoff")["overdue"] as? Bool == true)
    try write("acknowledgement_timeout: soon\n")
    sidecar.process.signal(.hangUp)
    try eventually("a failed reload", every: .milliseconds(20)) {
      try sidecar.metric("handoffd_config_last_reload_successful") == 0
    }
    #expect(try sidecar.process.connect().send("POST", "/-/reload").status == 422)
    #expect(sidecar.process.log.contains("\(file):1:"))
    #expect(try sidecar.handoff("h").object("handoff")["overdue"] as? Bool == true)
  }

  @Test func `a private PostgreSQL comes and goes with the sidecar, and survives its death`() throws {
    let directory = try TemporaryDirectory()
    let first = try SidecarProcess(in: directory)
    try eventually("a database", within: .seconds(60), every: .milliseconds(50)) {
      try first.connect().get("/v1/handoffs").status == 200
    }
    first.kill()
    let second = try SidecarProcess(in: directory)
    _ = try second.connect().send(
      "POST", "/v1/events", headers: [("Content-Type", "application/json")],
      body: Array(#"{"type":"handoff.step","handoff_id":"h"}"#.utf8))
    try eventually("the handoff", within: .seconds(60), every: .milliseconds(50)) {
      try second.connect().get("/v1/handoffs/h").status == 200
    }
    #expect(second.terminate() == 0)
    #expect(!Directory.exists(directory.file("data/postgres/postmaster.pid")))
  }
}
