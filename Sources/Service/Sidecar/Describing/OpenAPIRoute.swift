import HTTPServer

/// Where the sidecar describes itself.
struct OpenAPIRoute: Sendable {
  /// Rendered once: it changes with the program alone.
  private let document: [UInt8]

  private static let template = "/v1/openapi.json"

  /// A description of these routes and of itself.
  init(describing routes: [Route]) {
    let all = routes.map { ($0.method, $0.pattern.template) } + [("GET", Self.template)]
    document = APIDocument(routes: all).json
  }

  var routes: [Route] {
    [
      Route("GET", Self.template) { [document] request, reply in
        let query = QueryReader(request, [])
        reply.send(query.refusal ?? .json(document))
      }
    ]
  }

  static let operations = [
    Operation(
      method: "GET", template: template, id: "describe", tag: .sidecar, summary: "This description",
      detail: "OpenAPI 3.1.", answers: [.good("The description.", .object), .badQuery, .other])
  ]
}
