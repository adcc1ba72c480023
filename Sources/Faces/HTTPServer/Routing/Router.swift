/// A small table of routes: unknown paths are 404, known ones with another method 405 with `Allow`.
public struct Router: RequestHandler {
  /// By the number of segments; the more literal pattern first, so that `/a/b` is not taken for `/a/{id}`.
  private let routes: [[Route]]
  private let authorize: @Sendable (RequestHead, Route) -> Response?
  private let observe: @Sendable (ExchangeSummary) -> Void

  /// A router over `routes`.
  ///
  /// `authorize` sees every request that has a route, before the route itself does; `observe` every exchange
  /// that is over.
  public init(
    _ routes: [Route], authorize: @escaping @Sendable (RequestHead, Route) -> Response? = { _, _ in nil },
    observe: @escaping @Sendable (ExchangeSummary) -> Void = { _ in }
  ) {
    let longest = routes.map(\.pattern.segments.count).max() ?? 0
    self.routes = (0...longest).map { count in
      routes.filter { $0.pattern.segments.count == count }.sorted { $0.pattern.weight > $1.pattern.weight }
    }
    self.authorize = authorize
    self.observe = observe
  }

  /// Finds the route and asks it.
  public func admit(_ head: RequestHead) -> Admission {
    guard let route = route(head.method, head.path) else { return .refuse(missing(head)) }
    if let refusal = authorize(head, route) ?? route.admit?(head) {
      return .refuse(refusal, pattern: route.pattern)
    }
    return .collect(limit: route.bodyLimit, pattern: route.pattern)
  }

  /// Hands the request to its route.
  public func handle(_ request: Request, _ reply: Reply) {
    guard let route = route(request.method, request.path) else {
      return reply.send(.problem(404, "there is nothing at this path"))
    }
    route.handle(request, reply)
  }

  /// Tells the observer.
  public func finished(_ summary: ExchangeSummary) { observe(summary) }

  private func route(_ method: String, _ path: [String]) -> Route? {
    let wanted = method == "HEAD" ? "GET" : method
    return candidates(path).first { $0.method == wanted }
  }

  /// Found one by one, because the first is nearly always it.
  private func candidates(_ path: [String]) -> some Sequence<Route> {
    (path.count < routes.count ? routes[path.count] : []).lazy.filter { $0.pattern.matches(path) }
  }

  private func missing(_ head: RequestHead) -> Response {
    var methods: [String] = []
    for route in candidates(head.path) where !methods.contains(route.method) {
      methods += route.method == "GET" ? ["GET", "HEAD"] : [route.method]
    }
    guard !methods.isEmpty else { return .problem(404, "there is nothing at this path") }
    return .problem(405, "this path does not take the method \(head.method)")
      .adding("Allow", methods.joined(separator: ", "))
  }
}
