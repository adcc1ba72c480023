import Analytics
import Bytes
import HTTPServer
import Model

/// What is known of agents, and whether to send to one.
struct AgentRoutes: Sendable {
  let numbers: Numbers

  var routes: [Route] {
    [
      Route("GET", "/v1/agents") { request, reply in list(request, reply) },
      Route("GET", "/v1/agents/{id}") { request, reply in show(request, reply) },
      Route("GET", "/v1/agents/{id}/readiness") { request, reply in tellReadiness(request, reply) },
    ]
  }

  private func list(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, known: ["scope"])
    _ = query.scope()
    if let refusal = query.refusal { return reply.send(refusal) }
    let snapshot = numbers.snapshot()
    var writer = JSONWriter(capacity: 4096)
    writer.object {
      $0.key("agents")
      $0.array(snapshot.agents.map(AgentFigures.init).sorted { $0.agent < $1.agent }) { $0.agent($1) }
      $0.member("as_of", snapshot.at.text)
    }
    reply.send(.json(writer.bytes))
  }

  private func show(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, known: ["scope"])
    _ = query.scope()
    if let refusal = query.refusal { return reply.send(refusal) }
    guard let view = numbers.snapshot().agent(named: request.parameter("id") ?? "") else {
      return reply.send(.problem(404, "no agent of this name is known"))
    }
    var writer = JSONWriter()
    writer.agent(AgentFigures(view))
    reply.send(.json(writer.bytes))
  }

  /// From memory alone: a router that asks before it sends gets its answer at once, whatever the database does.
  private func tellReadiness(_ request: Request, _ reply: Reply) {
    let query = QueryReader(request, known: [])
    if let refusal = query.refusal { return reply.send(refusal) }
    let name = request.parameter("id") ?? ""
    var writer = JSONWriter()
    writer.readiness(of: name, numbers.snapshot().agent(named: name).map(AgentFigures.init))
    reply.send(.json(writer.bytes))
  }
}
