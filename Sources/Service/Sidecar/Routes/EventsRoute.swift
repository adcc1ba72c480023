import Decoding
import HTTPServer

/// Where events come in.
struct EventsRoute: Sendable {
  let ingest: Ingest
  let largestBody: Int

  var routes: [Route] {
    [
      Route(
        "POST", "/v1/events", bodyLimit: largestBody, admit: { Self.admit($0) },
        handle: { request, reply in ingest.accept(request, reply) })
    ]
  }

  /// What no body could make good is refused before it is sent.
  private static func admit(_ head: RequestHead) -> Response? {
    let parameters = head.query.map(\.name)
    if let unknown = parameters.first {
      let shown = String(decoding: unknown.utf8.prefix(64), as: UTF8.self)
      return .problem(
        Problem(
          status: 400, detail: "the query cannot be understood",
          errors: [
            Problem.Item(
              pointer: shown, code: "unknown_parameter",
              message: "there is no such parameter here; it takes none")
          ]))
    }
    if !Decoder.reads(contentType: head.headers["content-type"]) {
      return .problem(415, BodyRefusal.unsupportedType.description)
        .adding("Accept", "application/json, application/x-ndjson")
    }
    if !Decoder.reads(contentEncoding: head.headers["content-encoding"]) {
      return .problem(415, BodyRefusal.unsupportedEncoding.description).adding(
        "Accept-Encoding", "gzip, identity")
    }
    return nil
  }
}
