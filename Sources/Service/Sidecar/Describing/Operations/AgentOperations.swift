import Store
import Wording

extension AgentRoutes {
  static let scope = Parameter<Scope>.choice(
    "scope", .fleet, "Numbers of all sidecars (fleet), or of this one alone (instance).")
  static let window = Parameter<Duration>.duration(
    "window",
    "How far back the fleet's handoffs are counted: at most, and by itself, as long as they are kept.",
    example: "1h")
  static let listLimit = Parameter<Int>.limit(StoreQueries.mostAgents, standard: StoreQueries.mostAgents)
  static let limit = Parameter<Int>.limit(StoreQueries.largestPage, standard: 100)
  static func cursor(of kind: AgentReportKind) -> Parameter<String> {
    .cursor { StoreQueries.isCursor($0, for: kind) }
  }

  static let listParameters: [any QueryParameter] = [scope, window, listLimit]
  static let showParameters: [any QueryParameter] = [scope, window]

  private static let id = Operation.id("The agent's name.", example: "coder")

  static let operations = [
    Operation(
      method: "GET", template: "/v1/agents", id: "listAgents", tag: .agents, summary: "List agents",
      detail: """
        What each sent and received, what failed, what is under way, its circuit and its health. Circuits, \
        counts in a row and health are as this sidecar saw them.
        """, query: listParameters,
      answers: [.good("The agents.", .named("AgentList")), .badQuery, .away, .other]),
    Operation(
      method: "GET", template: "/v1/agents/{id}", id: "showAgent", tag: .agents, summary: "Show an agent",
      detail: "The same of one agent.", path: [id], query: showParameters,
      answers: [
        .good("The agent.", .named("AgentDetail")), .badQuery, .unknown("agent of this name"), .away, .other,
      ]),
    Operation(
      method: "GET", template: "/v1/agents/{id}/health", id: "listHealthReports", tag: .agents,
      summary: "List an agent's reports of health",
      detail: "The newest first; none of an agent nobody knows.",
      path: [id], query: [limit, cursor(of: .health)],
      answers: [.good("A page of reports.", .named("HealthReportPage")), .badQuery, .away, .other]),
    Operation(
      method: "GET", template: "/v1/agents/{id}/states", id: "listAgentStates", tag: .agents,
      summary: "List what an agent told of its state",
      detail: """
        A hash and a size of each state, never the state; the newest first, with the handoff in whose course it was told, \
        if in any. None of an agent nobody knows.
        """,
      path: [id], query: [limit, cursor(of: .state)],
      answers: [.good("A page of states.", .named("AgentStatePage")), .badQuery, .away, .other]),
    Operation(
      method: "GET", template: "/v1/agents/{id}/readiness", id: "askReadiness", tag: .agents,
      summary: "Ask whether to send to an agent",
      detail: "From memory, so it answers at once: for routers that ask before they send.", path: [id],
      answers: [
        .good("Whether it is ready; an agent nobody knows is.", .named("AgentReadiness")), .badQuery, .other,
      ]),
  ]
}
