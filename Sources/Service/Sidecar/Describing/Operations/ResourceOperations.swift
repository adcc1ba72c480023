import Store

extension ResourcesRoute {
  static let limit = Parameter<Int>.limit(StoreQueries.largestPage, standard: 100)
  static let cursor = Parameter<String>.cursor { StoreQueries.isOpenCursor($0, holding: true) }
  static let parameters: [any QueryParameter] = [limit, cursor]

  static let operations = [
    Operation(
      method: "GET", template: "/v1/resources", id: "listResources", tag: .handoffs,
      summary: "List what is held",
      detail: """
        The resources that handoffs under way name, and who has them: the sender until the handoff is acknowledged, \
        the receiver until it ends. Page by page of handoffs, the oldest first.
        """, query: parameters,
      answers: [.good("A page of resources.", .named("ResourcePage")), .badQuery, .away, .other])
  ]
}
