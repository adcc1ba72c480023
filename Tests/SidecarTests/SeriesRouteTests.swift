import Foundation
import Platform
import TestSupport
import Testing

@Suite struct SeriesRouteTests {
  private let start = Int(Date().timeIntervalSince1970)

  private func event(_ type: String, _ id: String, ago: Int, _ more: String = "") -> String {
    #"{"type":"handoff.\#(type)","handoff_id":"\#(id)","event_id":"\#(type)","occurred_at":\#(start - ago)\#(more)}"#
  }

  private func tell(_ one: RunningSidecar, _ other: RunningSidecar) throws {
    let agents = #","from_agent":"a","to_agent":"b""#
    try one.send(
      event(
        "initiated", "h1", ago: 7_300, agents + #","envelope":{"memory_refs":{"requested":20,"resolved":19}}"#
      ),
      event("initiated", "h2", ago: 7_290, agents), event("initiated", "h3", ago: 7_280, agents),
      event("initiated", "h4", ago: 7_270, #","from_agent":"a","to_agent":"c""#))
    try other.send(
      event("acknowledged", "h1", ago: 7_298), event("completed", "h1", ago: 7_290),
      event("acknowledged", "h2", ago: 7_282), event("failed", "h3", ago: 7_270))
    _ = try one.handoff("h2", events: 2)
    _ = try one.handoff("h3", events: 2)
    _ = try one.handoff("h4")
  }

  private func points(_ answer: [String: Any]) -> [[String: Any]] {
    answer.objects("series").first?.objects("points") ?? []
  }

  private func sum(_ sidecar: RunningSidecar, _ query: String) throws -> Double {
    points(try sidecar.get("/v1/series?" + query)).reduce(0) { $0 + ($1.number("value") ?? 0) }
  }

  @Test func `history holds what two sidecars received, by every step`() throws {
    let one = try RunningSidecar()
    let other = try RunningSidecar(database: one.database)
    try tell(one, other)
    for step in ["1m", "5m", "1h", "1d"] {
      for (metric, count) in [
        ("started", 4.0), ("delivered", 2), ("exhausted", 2), ("timeout", 1), ("failed", 1), ("completed", 1),
      ] {
        #expect(try sum(one, "metric=\(metric)&step=\(step)") == count, "\(metric) \(step)")
        #expect(try sum(other, "metric=handoff_\(metric)&step=\(step)") == count, "\(metric) \(step)")
      }
    }
    let answer = try one.get("/v1/series?metric=ack_latency_seconds&step=1d&percentiles=10,99.9")
    #expect(answer.text("unit") == "seconds")
    #expect(answer.text("step") == "1d")
    #expect(answer["partial"] as? Bool == false)
    #expect(answer.text("as_of") != nil)
    let busy = points(answer).filter { $0.number("count") ?? 0 > 0 }
    #expect(busy.reduce(0) { $0 + ($1.number("count") ?? 0) } == 2)
    #expect(busy.reduce(0) { $0 + ($1.number("total") ?? 0) } == 10)
    let highest = busy.compactMap { $0.number("p99.9") }.max() ?? 0
    #expect(abs(highest - 8) < 0.08)
    #expect(try sum(one, "metric=completeness&step=1d") == 0.95)
    let idle = points(answer).filter { $0.number("count") == 0 }
    #expect(idle.allSatisfy { $0["p99.9"] is NSNull })
  }

  @Test func `history is told apart by who sent and who received`() throws {
    let one = try RunningSidecar()
    try tell(one, one)
    let pairs = try one.get("/v1/series?metric=started&step=1d&group_by=pair").objects("series")
    #expect(pairs.map { $0.text("from_agent") } == ["a", "a"])
    #expect(pairs.map { $0.text("to_agent") } == ["b", "c"])
    #expect(try sum(one, "metric=started&step=1d&to_agent=b") == 3)
    #expect(try sum(one, "metric=started&step=1d&agent=c") == 1)
    #expect(try sum(one, "metric=failure_ratio&step=7d&to_agent=c") == 1)
    #expect(try sum(one, "metric=started&step=1d&from_agent=nobody") == 0)
    let few = try one.get("/v1/series?metric=started&step=1d&group_by=to_agent&limit=1")
    #expect(few.objects("series").map { $0.text("to_agent") } == ["b"])
    #expect(few["partial"] as? Bool == true)
  }

  @Test(arguments: [
    ("", 400), ("metric=nonsense", 400), ("metric=started&step=90s", 400), ("metric=started&step=0m", 400),
    ("metric=started&step=x", 400),
    ("metric=started&since=2026-11-02T00:00:00Z&until=2026-11-01T00:00:00Z", 400),
    ("metric=started&since=2020-01-01T00:00:00Z&step=1h", 400), ("metric=started&group_by=mood", 400),
    ("metric=started&limit=51", 400), ("metric=started&percentiles=101", 400),
    ("metric=started&percentiles=1,,2", 400), ("metric=started&agent=%00", 400), ("metric=started&x=1", 400),
    ("metric=started&since=2024-01-01T00:00:00Z&until=2024-01-01T00:10:00Z&step=1m", 400),
    ("metric=started&since=2024-01-01T00:00:00Z&until=2024-02-01T00:00:00Z&step=1h", 200),
    ("metric=started", 200),
    ("metric=success_rate&since=2020-01-01T00:00:00Z", 200),
    ("metric=duration_seconds&percentiles=50,75", 200),
  ]) func `what cannot be asked is refused with its reason`(query: String, status: Int) throws {
    let answer = try Shared.sidecar().process.connect().get("/v1/series?" + query)
    #expect(answer.status == status, "\(answer.text)")
    if status == 200 { #expect(try points(answer.object).count <= 1_500) }
  }

  @Test func `with the database away there is no history, and when to ask again`() throws {
    let sidecar = try RunningSidecar()
    let name = sidecar.database.name
    try sidecar.database.cluster.psql("ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
    try sidecar.database.cluster.psql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)'")
    let answer = try sidecar.process.connect().get("/v1/series?metric=started")
    #expect(answer.status == 503)
    #expect(answer["retry-after"] != nil)
  }
}
