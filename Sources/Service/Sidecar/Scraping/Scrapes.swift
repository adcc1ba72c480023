import Catalogue
import Compression
import Exposition
import HTTPServer
import Platform

/// Answers scrapes on a lane of its own: one takes a few milliseconds, for which no connection should wait.
///
/// Nothing that ingest needs is locked meanwhile. What was packed is kept, so that a page on which nothing has
/// changed costs no more than to see that.
final class Scrapes: Sendable {
  private struct Kept: Sendable {
    var page: [UInt8]
    var packed: [UInt8]
  }

  private struct State: Sendable {
    var page = CataloguePage()
    var packed: [Format: Kept] = [:]

    /// Pages say the same things over and over: the fastest level makes them small enough.
    mutating func pack(_ page: [UInt8], _ format: Format) -> [UInt8]? {
      if let kept = packed[format], kept.page == page { return kept.packed }
      guard let small = Gzip.pack(page, level: 1) else { return nil }
      packed[format] = Kept(page: page, packed: small)
      return small
    }
  }

  private let sources: @Sendable () -> [any MetricSource]
  private let state = Gate(State())
  private let queue = WorkQueue()

  /// Scrapes of what the sources hold when they are asked.
  init(_ sources: @escaping @Sendable () -> [any MetricSource]) {
    self.sources = sources
  }

  /// Starts the lane.
  func start() throws(SystemError) -> [Lane] { try queue.start(1, name: "scrape") }

  /// Lets the lane end.
  func close() { queue.close() }

  /// Answers a request in its turn.
  func answer(_ request: Request, _ reply: Reply) {
    let isTaken = queue.add { [self] in reply.send(response(to: request)) }
    if !isTaken { reply.send(.problem(503, "the sidecar is stopping", retryAfter: 1)) }
  }

  /// The page a request asks for.
  func response(to request: Request) -> Response {
    let wish = Negotiation(
      accept: request.headers["accept"], acceptEncoding: request.headers["accept-encoding"])
    let filter = NameFilter(request.query.filter { $0.name == "name[]" }.map(\.value))
    let sources = sources()
    return state.withLock { state in
      let page = state.page.render(wish.format, sources, only: filter)
      let response = Response(
        status: 200, contentType: wish.contentType, headers: [(name: "Vary", value: Negotiation.vary)],
        body: page)
      guard wish.isCompressed else { return response }
      let packed = filter.isEmpty ? state.pack(page, wish.format) : Gzip.pack(page, level: 1)
      guard let packed else { return response }
      var compressed = response.adding("Content-Encoding", "gzip")
      compressed.body = packed
      return compressed
    }
  }
}
