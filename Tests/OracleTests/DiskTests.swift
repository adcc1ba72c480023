import Platform
import TestSupport
import Testing

@Suite(.serialized) struct DiskTests {
  @Test func `a full disk is answered 503 with Retry-After, and recovers when PostgreSQL drains it`() throws {
    let random = SeededRandom(for: "a full disk")
    let database = try TestCluster.shared().database()
    let disk = try SmallDisk(megabytes: 6)
    if disk == nil { print("a full disk: no tmpfs here; the spool is full at its own capacity instead") }
    // With a disk of its own the spool may have more than there is, so that it is the disk that says no.
    let fleet = try Fleet(
      1, on: database,
      arguments: ["--spool-capacity", disk == nil ? "4MiB" : "16MiB", "--database-timeout", "2s"],
      disks: disk.map { [0: $0] } ?? [:])
    let process = try #require(fleet.process(0))
    fleet.proxies[0].refuse(true)
    fleet.proxies[0].cutAll()
    let now = Int(SystemTime().wall().microseconds / 1_000)
    let ledger = Ledger(random.seed, sidecars: 1, start: now)
    let producers = try Producers(2, ledger, rest: .milliseconds(2)) { fleet.endpoint($0) }
    let refusal = try eventually("a full disk", within: .seconds(60), every: .milliseconds(1)) {
      let answer = producers.send(ledger.large(8, bytes: 12_000, to: 0)).1
      return answer?.status == 503 ? answer : nil
    }
    #expect(refusal["retry-after"].flatMap { Int($0) }.map { $0 >= 1 } == true)
    #expect(refusal["content-type"] == "application/problem+json")
    let connection = try process.connect()
    #expect(try connection.get("/-/healthy").status == 200)
    // What little room is left goes to smaller requests; then it says so.
    try eventually("a sidecar that says that it is full", within: .seconds(120), every: .milliseconds(5)) {
      _ = producers.send(ledger.large(1, bytes: 1_000, to: 0))
      return try connection.get("/-/ready").text.contains("full")
    }
    #expect(try fleet.metric(0, "handoffd_spool_events") > 0)

    fleet.proxies[0].refuse(false)
    try eventually("a spool that takes events again", within: .seconds(60), every: .milliseconds(20)) {
      producers.send(ledger.large(1, bytes: 100, to: 0)).0 == .acknowledged(known: 0)
    }
    ledger.close()
    #expect(ledger.waitUntilSettled(within: .seconds(60)))
    producers.stop()
    try fleet.waitUntilDrained(within: .seconds(60))
    #expect(process.isRunning)
    let judgement = try Judgement(
      StoredState(database.connect()), sent: ledger.events, acknowledged: ledger.acknowledged)
    print("a full disk: \(judgement.stored) stored, \(ledger.counts)")
    #expect(judgement.lost == [])
    #expect(judgement.doubled == [])
    #expect(judgement.foreign == [])
    #expect(judgement.wrongRecords == [])
    #expect(ledger.counts.refused > 0)
    #expect(ledger.surprises == [])
  }
}
