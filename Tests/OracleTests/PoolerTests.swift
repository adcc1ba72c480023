import Platform
import TestSupport
import Testing

@Suite(.serialized) struct PoolerTests {
  @Test(arguments: ["spool", "postgres"])
  func `the whole sidecar works through PgBouncer in transaction mode`(acknowledgement: String) throws {
    let random = SeededRandom(for: "PgBouncer, --ack \(acknowledgement)")
    let database = try TestCluster.shared().database()
    // Two server connections for everybody: sessions are shared all the time.
    let bouncer = try PgBouncer(database.cluster, poolSize: 2)
    let directories = try (0..<2).map { _ in try TemporaryDirectory("handoffd-pooled") }
    let sidecars = try directories.map {
      try SidecarProcess(
        in: $0, .init(["--database-url", bouncer.uri(database), "--ack", acknowledgement]))
    }
    let endpoints = try sidecars.map { try $0.address() }
    let hourAgo = Int(SystemTime().wall().microseconds / 1_000) - 3_600_000
    let ledger = Ledger(random.seed, sidecars: 2, start: hourAgo)
    let producers = try Producers(3, ledger, rest: .milliseconds(5)) { endpoints[$0] }
    try eventually("answers", within: .seconds(60)) { ledger.counts.acknowledged > 100 }
    try ask(sidecars[0])
    ledger.close()
    #expect(ledger.waitUntilSettled(within: .seconds(60)))
    producers.stop()
    for sidecar in sidecars { #expect(sidecar.terminate() == 0) }
    let state = try StoredState(database.connect())
    let judgement = try Judgement(state, sent: ledger.events, acknowledged: ledger.acknowledged)
    #expect(judgement.stored == ledger.events.count)
    #expect(judgement.lost == [])
    #expect(judgement.doubled == [])
    #expect(judgement.foreign == [])
    #expect(judgement.wrongRecords == [])
    #expect(state.setAside == 0)
    #expect(ledger.surprises == [])
    for sidecar in sidecars { #expect(!sidecar.log.contains("the drain stopped"), "\(sidecar.log)") }
  }

  /// Every question there is, while the drain is at work.
  private func ask(_ sidecar: SidecarProcess) throws {
    let connection = try sidecar.connect()
    for _ in 0..<10 {
      for target in [
        "/v1/handoffs?limit=5", "/v1/handoffs?agent=agent-1&state=completed",
        "/v1/handoffs?task_id=task_id-1",
        "/v1/handoffs/ho_1", "/v1/rejections",
      ] {
        let answer = try eventually("an answer to \(target)", within: .seconds(20), every: .milliseconds(20))
        {
          let answer = try connection.get(target)
          return answer.status == 404 ? nil : answer
        }
        #expect(answer.status == 200, "\(target): \(answer.text)")
      }
    }
  }
}
