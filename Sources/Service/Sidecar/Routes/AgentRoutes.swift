import Analytics
import Bytes
import Configuration
import HTTPServer
import Model
import Store

/// What is known of agents, and whether to send to one.
struct AgentRoutes: Sendable {
  let fleet: FleetView

  var routes: [Route] {
    [
      Route("GET", "/v1/agents") { request, reply in list(request, reply) },
      Route("GET", "/v1/agents/{id}") { request, reply in show(request, reply) },
      Route("GET", "/v1/agents/{id}/health") { request, reply in list(.health, request, reply) },
      Route("GET", "/v1/agents/{id}/states") { request, reply in list(.state, request, reply) },
      Route("GET", "/v1/agents/{id}/readiness") { request, reply in tellReadiness(request, reply) },
    ]
  }

  private func list(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, Self.listParameters)
    let scope = query.read(Self.scope)
    let window = window(&query)
    let limit = query.read(Self.listLimit)
    if let refusal = query.refusal { return reply.send(refusal) }
    let (clock, numbers) = (fleet.clock, fleet.numbers)
    let memory: @Sendable () -> Response = { Self.list(numbers.snapshot(), limit) }
    fleet.answer(scope, reply, memory: memory) { queries throws(StoreError) in
      let found = try queries.agents(since: clock.since(window), clock, limit: limit)
      let views = Self.views(numbers.snapshot())
      let figures = found.agents.map { AgentFigures($0, views[$0.name]) }
      return Self.render(figures, .fleet, total: found.total, found.asOf)
    }
  }

  /// How far back is counted; an answer from memory counts since the start.
  private func window(_ query: inout QueryReader) -> Duration {
    let longest = fleet.retention
    return query.read(Self.window, within: .seconds(5)...longest) ?? longest
  }

  private static func views(_ snapshot: Snapshot) -> [String: AgentView] {
    Dictionary(snapshot.agents.map { ($0.name, $0) }) { first, _ in first }
  }

  private static func list(_ snapshot: Snapshot, _ limit: Int) -> Response {
    let all = snapshot.agents.map(AgentFigures.init)
    let kept = all.sorted { ($1.sent &+ $1.received, $0.agent) < ($0.sent &+ $0.received, $1.agent) }
      .prefix(limit).sorted { $0.agent < $1.agent }
    return render(kept, .instance, total: all.count, snapshot.at)
  }

  private static func render(
    _ agents: [AgentFigures], _ scope: Scope, total: Int, _ asOf: Timestamp?
  ) -> Response {
    var writer = JSONWriter(capacity: 256 + agents.count * 512)
    writer.object {
      $0.member("scope", scope.rawValue)
      $0.key("agents")
      $0.array(agents) { $0.agent($1) }
      $0.member("total", total)
      $0.member("as_of", asOf)
    }
    return .json(writer.bytes)
  }

  private func show(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, Self.showParameters)
    let scope = query.read(Self.scope)
    let window = window(&query)
    if let refusal = query.refusal { return reply.send(refusal) }
    let name = request.parameter("id") ?? ""
    let (clock, numbers) = (fleet.clock, fleet.numbers)
    let memory: @Sendable () -> Response = {
      let snapshot = numbers.snapshot()
      return Self.render(snapshot.agent(named: name).map(AgentFigures.init), .instance, snapshot.at)
    }
    fleet.answer(scope, reply, memory: memory) { queries throws(StoreError) in
      let view = numbers.snapshot().agent(named: name)
      let asOf = queries.asOf
      // What has only just been heard of is not in the database yet.
      let found =
        try queries.agent(named: name, since: clock.since(window), clock)
        ?? view.map { FleetAgent(name: $0.name) }
      return Self.render(found.map { AgentFigures($0, view) }, .fleet, asOf)
    }
  }

  private static func render(_ figures: AgentFigures?, _ scope: Scope, _ asOf: Timestamp?) -> Response {
    guard let figures else { return .problem(404, "no agent of this name is known") }
    var writer = JSONWriter()
    writer.agent(figures, scope: scope, asOf: asOf)
    return .json(writer.bytes)
  }

  /// From memory alone: a router that asks before it sends gets its answer at once, whatever the database does.
  private func tellReadiness(_ request: Request, _ reply: Reply) {
    let query = QueryReader(request, [])
    if let refusal = query.refusal { return reply.send(refusal) }
    let name = request.parameter("id") ?? ""
    var writer = JSONWriter()
    writer.readiness(of: name, fleet.numbers.snapshot().agent(named: name).map(AgentFigures.init))
    reply.send(.json(writer.bytes))
  }
}

// MARK: reports

extension AgentRoutes {
  private func list(_ kind: AgentReportKind, _ request: Request, _ reply: Reply) {
    let after = Self.cursor(of: kind)
    var query = QueryReader(request, [Self.limit, after])
    let limit = query.read(Self.limit)
    let cursor = query.read(after)
    if let refusal = query.refusal { return reply.send(refusal) }
    let name = request.parameter("id") ?? ""
    fleet.readers.ask(reply) { queries throws(StoreError) in
      Self.render(name, kind, try queries.reports(kind, of: name, limit: limit, cursor: cursor))
    }
  }

  private static func render(_ name: String, _ kind: AgentReportKind, _ page: AgentReportPage) -> Response {
    var writer = JSONWriter(capacity: 256 + page.reports.count * 256)
    writer.object {
      $0.member("agent", name)
      $0.key(kind == .health ? "reports" : "states")
      $0.array(page.reports) { $0.report(kind, $1) }
      $0.member("next_cursor", page.next)
      $0.member("as_of", page.asOf)
    }
    return .json(writer.bytes)
  }
}
