import Analytics
import Bytes
import Configuration
import HTTPServer
import Model
import Wording

/// What the last minutes come to, and what is under way.
struct SummaryRoutes: Sendable {
  let numbers: Numbers

  /// The longest window that is kept in memory.
  private static let longest = Duration.seconds(1800)

  var routes: [Route] {
    [
      Route("GET", "/v1/summary") { request, reply in summarize(request, reply) },
      Route("GET", "/v1/active") { request, reply in listActive(request, reply) },
    ]
  }

  private func summarize(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, known: ["window", "scope"])
    let scope = query.scope()
    let window =
      query.read("window", "a duration from 5s to 30m, such as 5m") { text in
        DurationText.parse(text).flatMap { (.seconds(5)...Self.longest).contains($0) ? $0 : nil }
      } ?? .seconds(300)
    if let refusal = query.refusal { return reply.send(refusal) }
    let snapshot = numbers.snapshot()
    var writer = JSONWriter(capacity: 4096)
    writer.summary(
      SummaryFigures(snapshot, window: window), window: DurationText.show(window), scope: scope.rawValue,
      asOf: snapshot.at)
    reply.send(.json(writer.bytes))
  }

  private func listActive(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, known: ["scope", "limit"])
    _ = query.scope()
    let limit = query.count("limit", 1...1000) ?? 100
    if let refusal = query.refusal { return reply.send(refusal) }
    let snapshot = numbers.snapshot(active: limit)
    var writer = JSONWriter(capacity: 4096)
    writer.object {
      $0.key("handoffs")
      $0.array(snapshot.active) { $0.handoff($1, now: snapshot.at) }
      $0.member("total", snapshot.activeCount)
      $0.member("next_cursor", nil as String?)
      $0.member("as_of", snapshot.at.text)
    }
    reply.send(.json(writer.bytes))
  }
}
