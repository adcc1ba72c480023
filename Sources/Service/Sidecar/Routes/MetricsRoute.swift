import HTTPServer

/// What Prometheus reads; a scrape asks neither the database nor a lane that ingest needs.
struct MetricsRoute: Sendable {
  let scrapes: Scrapes

  var routes: [Route] {
    [Route("GET", "/metrics") { [scrapes] request, reply in scrapes.answer(request, reply) }]
  }
}
