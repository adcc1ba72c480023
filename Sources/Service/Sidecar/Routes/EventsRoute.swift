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
        handle: { request, reply in accept(request, reply) })
    ]
  }

  private func accept(_ request: Request, _ reply: Reply) {
    guard !request.query.isEmpty else { return ingest.accept(request, reply) }
    var query = QueryReader(request, Self.parameters)
    let dialect = query.read(Self.dialect)
    if let refusal = query.refusal { return reply.send(refusal) }
    ingest.accept(request, in: dialect, reply)
  }

  /// What no body could make good is refused before it is sent.
  private static func admit(_ head: RequestHead) -> Response? {
    if !head.query.isEmpty {
      var query = QueryReader(head.query, known: parameters.map(\.described.name))
      _ = query.read(dialect)
      if let refusal = query.refusal { return refusal }
    }
    if !Decoder.reads(contentType: head.headers["content-type"]) {
      return .problem(415, BodyRefusal.unsupportedType.description)
        .adding("Accept", "application/json, application/x-ndjson")
    }
    return refuseEncoding(of: head)
  }

  /// The answer to a body that is packed in a way that is not read.
  static func refuseEncoding(of head: RequestHead) -> Response? {
    guard !Decoder.reads(contentEncoding: head.headers["content-encoding"]) else { return nil }
    return .problem(415, BodyRefusal.unsupportedEncoding.description).adding(
      "Accept-Encoding", "gzip, identity")
  }
}
