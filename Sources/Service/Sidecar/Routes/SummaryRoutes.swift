import Analytics
import Bytes
import Configuration
import HTTPServer
import Model
import Store
import Wording

/// What some time of handoffs comes to, and what is under way.
struct SummaryRoutes: Sendable {
  let fleet: FleetView

  /// The longest window that is kept in memory.
  private static let longest = Duration.seconds(1800)

  var routes: [Route] {
    [
      Route("GET", "/v1/summary") { request, reply in summarize(request, reply) },
      Route("GET", "/v1/active") { request, reply in listActive(request, reply) },
    ]
  }

  private func summarize(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, Self.summaryParameters)
    let scope = query.read(AgentRoutes.scope)
    let longest = scope == .instance ? Self.longest : fleet.retention
    let window = query.read(Self.window, within: .seconds(5)...longest) ?? .seconds(300)
    if let refusal = query.refusal { return reply.send(refusal) }
    let clock = fleet.clock
    let memory: @Sendable () -> Response = { [numbers = fleet.numbers] in
      let snapshot = numbers.snapshot()
      return Self.render(SummaryFigures(snapshot, window: window), window, .instance, snapshot.at)
    }
    fleet.answer(scope, reply, memory: window <= Self.longest ? memory : nil) { queries throws(StoreError) in
      let summary = try queries.summary(since: clock.since(window), clock)
      return Self.render(SummaryFigures(summary), window, .fleet, summary.asOf)
    }
  }

  private static func render(
    _ figures: SummaryFigures, _ window: Duration, _ scope: Scope, _ asOf: Timestamp?
  ) -> Response {
    var writer = JSONWriter(capacity: 4096)
    writer.summary(figures, window: DurationText.show(window), scope: scope.rawValue, asOf: asOf)
    return .json(writer.bytes)
  }

  private func listActive(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, Self.activeParameters)
    let scope = query.read(AgentRoutes.scope)
    let limit = query.read(Self.limit)
    let cursor = query.read(Self.cursor.name, "\(Self.cursor.wanted), of the whole fleet") {
      scope == .fleet ? Self.cursor.parse($0) : nil
    }
    if let refusal = query.refusal { return reply.send(refusal) }
    let clock = fleet.clock
    let memory: @Sendable () -> Response = { [numbers = fleet.numbers] in
      Self.render(numbers.snapshot(active: limit))
    }
    // Pages of memory would not go on where those of the database ended.
    fleet.answer(scope, reply, memory: cursor == nil ? memory : nil) { queries throws(StoreError) in
      Self.render(try queries.openHandoffs(clock, limit: limit, cursor: cursor), clock)
    }
  }

  private static func render(_ snapshot: Snapshot) -> Response {
    var writer = JSONWriter(capacity: 4096)
    writer.object {
      $0.member("scope", Scope.instance.rawValue)
      $0.key("handoffs")
      $0.array(snapshot.active) { $0.handoff($1, now: snapshot.at) }
      $0.member("total", snapshot.activeCount)
      $0.member("next_cursor", nil as String?)
      $0.member("as_of", snapshot.at.text)
    }
    return .json(writer.bytes)
  }

  private static func render(_ page: OpenPage, _ clock: FleetClock) -> Response {
    var writer = JSONWriter(capacity: 256 + page.handoffs.count * 1024)
    writer.object {
      $0.member("scope", Scope.fleet.rawValue)
      $0.key("handoffs")
      $0.array(page.handoffs) { $0.openHandoff($1.id, $1.record, clock.records) }
      $0.member("total", page.total)
      $0.member("next_cursor", page.next)
      $0.member("as_of", page.asOf)
    }
    return .json(writer.bytes)
  }
}
