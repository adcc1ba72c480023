import Audit
import Bytes
import HTTPServer
import Model
import Store

/// Who holds what now, and since when.
struct ResourcesRoute: Sendable {
  let fleet: FleetView

  var routes: [Route] {
    [Route("GET", "/v1/resources") { request, reply in list(request, reply) }]
  }

  private func list(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, Self.parameters)
    let limit = query.read(Self.limit)
    let cursor = query.read(Self.cursor)
    if let refusal = query.refusal { return reply.send(refusal) }
    let clock = fleet.clock
    fleet.readers.ask(reply) { queries throws(StoreError) in
      let page = try queries.openHandoffs(clock, holding: true, limit: limit, cursor: cursor)
      // Who else holds something may stand on any page; few handoffs hold anything, so one of the largest has all.
      let all =
        cursor == nil && page.next == nil
        ? page : try queries.openHandoffs(clock, holding: true, limit: StoreQueries.largestPage)
      return Self.render(page, Holdings((all.handoffs + page.handoffs).map(\.record)), clock.now)
    }
  }

  private static func render(_ page: OpenPage, _ holdings: Holdings, _ now: Timestamp) -> Response {
    let held = page.handoffs.flatMap { handoff in
      HeldResource.named(by: handoff.record).map { (handoff, $0) }
    }
    var writer = JSONWriter(capacity: 256 + held.count * 256)
    writer.object {
      $0.key("resources")
      $0.array(held) { $0.held($1.1, by: $1.0, holdings, now) }
      $0.member("next_cursor", page.next)
      $0.member("as_of", page.asOf?.text)
    }
    return .json(writer.bytes)
  }
}

extension JSONWriter {
  fileprivate mutating func held(
    _ resource: HeldResource, by handoff: StoredHandoff, _ holdings: Holdings, _ now: Timestamp
  ) {
    let (holder, since) = handoff.record.holder
    let holders = holdings.holders(of: resource)
    object {
      $0.member("kind", resource.kind)
      $0.member("id", resource.id)
      $0.member("held_by", holder)
      $0.member("since", since?.text)
      $0.member("age_seconds", since.map { Self.age(since: $0, now) })
      $0.member("contended", flag: holders.count > 1)
      $0.key("holders")
      $0.array(holders) { $0.text($1) }
      $0.member("handoff_id", handoff.id)
      $0.member("task_id", handoff.record.text(of: .taskID))
    }
  }
}
