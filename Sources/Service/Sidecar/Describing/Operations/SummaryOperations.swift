import Store
import Wording

extension SummaryRoutes {
  static let window = Parameter<Duration>.duration(
    "window",
    "What is summed up, back from now: up to the retention, of this sidecar alone up to 30m.", example: "1h"
  ).showing(standard: "5m")
  static let limit = Parameter<Int>.limit(StoreQueries.largestPage, standard: 100)
  static let cursor = Parameter<String>.cursor { StoreQueries.isOpenCursor($0) }

  static let summaryParameters: [any QueryParameter] = [window, AgentRoutes.scope]
  static let activeParameters: [any QueryParameter] = [AgentRoutes.scope, limit, cursor]

  static let operations = [
    Operation(
      method: "GET", template: "/v1/summary", id: "summarize", tag: .numbers, summary: "Sum handoffs up",
      detail: "How many came to what, how long it took, and what arrived, in all and by receiver.",
      query: summaryParameters,
      answers: [.good("The summary.", .named("Summary")), .badQuery, .away, .other]),
    Operation(
      method: "GET", template: "/v1/active", id: "listActive", tag: .handoffs,
      summary: "List what is under way",
      detail: "Handoffs that have begun and not ended, the oldest first; only those of the fleet have pages.",
      query: activeParameters,
      answers: [.good("A page of handoffs.", .named("ActivePage")), .badQuery, .away, .other]),
  ]
}
