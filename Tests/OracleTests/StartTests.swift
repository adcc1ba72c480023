import Platform
import TestSupport
import Testing

@Suite(.serialized) struct StartTests {
  @Test func `twelve sidecars start at once on an empty database`() throws {
    let database = try TestCluster.shared().database()
    let directories = try (0..<12).map { _ in try TemporaryDirectory("handoffd-twelve") }
    let sidecars = try directories.map {
      try SidecarProcess(in: $0, .init(["--database-url", database.connectionString]))
    }
    for (number, sidecar) in sidecars.enumerated() {
      let answer = try sidecar.connect().post(
        "/v1/events",
        #"{"type":"handoff.step","handoff_id":"shared","event_id":"e\#(number)"}"#)
      #expect(answer.status == 200)
    }
    try eventually("the events of all twelve", within: .seconds(60), every: .milliseconds(50)) {
      (try? database.psql("SELECT event_count FROM handoffd.handoffs WHERE handoff_id = 'shared'")) == "12"
    }
    let versions = "SELECT count(*) > 0, count(*) = count(DISTINCT version) FROM handoffd.schema_version"
    #expect(try database.psql(versions) == "t|t")
    #expect(try database.psql("SELECT count(DISTINCT instance) FROM handoffd.spool_positions") == "12")
    #expect(try database.psql("SELECT count(*) FROM handoffd.handoff_events") == "12")
    for sidecar in sidecars {
      try eventually("a sidecar that asks", within: .seconds(30), every: .milliseconds(50)) {
        try sidecar.connect().get("/v1/handoffs/shared").status == 200
      }
      #expect(!sidecar.log.contains(" ERROR "))
    }
    for sidecar in sidecars { sidecar.signal(.terminate) }
    for sidecar in sidecars { #expect(sidecar.wait(within: .seconds(30)) == 0) }
  }
}
