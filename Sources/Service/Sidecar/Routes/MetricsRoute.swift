import Exposition
import HTTPServer

/// What Prometheus reads: a scrape asks neither the database nor a lane, it reads counters.
struct MetricsRoute: Sendable {
  let families: @Sendable () -> [Family]

  var routes: [Route] {
    [
      Route("GET", "/metrics") { _, reply in
        reply.send(
          Response(
            status: 200, contentType: TextFormat.contentType,
            headers: [(name: "Vary", value: "Accept, Accept-Encoding")], body: TextFormat.page(families())))
      }
    ]
  }
}
