import Store

extension AlertRoutes {
  static let listLimit = Parameter<Int>.limit(1000, standard: 1000)
  static let limit = Parameter<Int>.limit(StoreQueries.largestPage, standard: 100)
  static let cursor = Parameter<String>.cursor { StoreQueries.isAlertCursor($0) }

  static let listParameters: [any QueryParameter] = [listLimit]
  static let historyParameters: [any QueryParameter] = [limit, cursor]

  static let operations = [
    Operation(
      method: "GET", template: "/v1/alerts", id: "listAlerts", tag: .alerts, summary: "List alerts",
      detail: "What is pending and firing now, the oldest first.", query: listParameters,
      answers: [.good("The alerts.", .named("AlertList")), .badQuery, .other]),
    Operation(
      method: "GET", template: "/v1/alerts/history", id: "listAlertTransitions", tag: .alerts,
      summary: "List changes of alerts", detail: "Each with the values that caused it, the newest first.",
      query: historyParameters,
      answers: [.good("A page of changes.", .named("AlertTransitionPage")), .badQuery, .away, .other]),
  ]
}
