import Bytes
import HTTPServer
import Model
import Store

/// What was refused, with why, from whom, and the bytes.
struct RejectionsRoute: Sendable {
  let readers: Readers

  var routes: [Route] {
    [Route("GET", "/v1/rejections") { request, reply in list(request, reply) }]
  }

  private func list(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, Self.parameters)
    let limit = query.read(Self.limit)
    let cursor = query.read(Self.cursor)
    if let refusal = query.refusal { return reply.send(refusal) }
    readers.ask(reply) { queries throws(StoreError) in
      .json(Self.render(try queries.rejections(limit: limit, cursor: cursor)))
    }
  }

  private static func render(_ page: RejectionPage) -> [UInt8] {
    var writer = JSONWriter(capacity: 256 + page.rejections.count * 512)
    writer.object {
      $0.key("rejections")
      $0.array(page.rejections) { $0.rejection($1) }
      $0.member("next_cursor", page.next)
      $0.member("as_of", page.asOf)
    }
    return writer.bytes
  }
}
