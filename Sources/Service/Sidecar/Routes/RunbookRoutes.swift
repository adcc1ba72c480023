import Alerts
import HTTPServer

/// The runbooks, as text: what a browser shows, whatever it thinks of Markdown.
struct RunbookRoutes: Sendable {
  var routes: [Route] {
    [
      Route("GET", "/v1/runbooks") { request, reply in
        reply.send(QueryReader(request, []).refusal ?? .text(Runbook.source))
      },
      Route("GET", "/v1/runbooks/{id}") { request, reply in
        reply.send(QueryReader(request, []).refusal ?? one(request.parameter("id") ?? ""))
      },
    ]
  }

  private func one(_ alert: String) -> Response {
    guard let runbook = Runbook.named(alert) else {
      return .problem(404, "no shipped alert has this name; /v1/runbooks shows what there is")
    }
    return .text(runbook.text)
  }
}

extension RunbookRoutes {
  static let operations = [
    Operation(
      method: "GET", template: "/v1/runbooks", id: "showRunbooks", tag: .alerts, summary: "Show all runbooks",
      detail: "What each shipped alert means, what to look at, and what to do.",
      answers: [Answer(status: 200, meaning: "The page.", forms: [("text/plain", .text)]), .badQuery, .other]),
    Operation(
      method: "GET", template: "/v1/runbooks/{id}", id: "showRunbook", tag: .alerts,
      summary: "Show the runbook of an alert", detail: "The `runbook_url` of the shipped rules leads here.",
      path: [Operation.id("The name of the alert, in any case.", example: "HandoffCircuitOpen")],
      answers: [
        Answer(status: 200, meaning: "The section.", forms: [("text/plain", .text)]), .badQuery,
        .problem(404, "No shipped alert has this name."), .other,
      ]),
  ]
}
