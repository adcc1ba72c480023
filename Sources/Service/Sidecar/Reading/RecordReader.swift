import HTTPServer
import Model
import Platform
import Store

/// What all routes that show handoffs have: whom they ask, and by what time handoffs are overdue.
struct RecordReader: Sendable {
  let readers: Readers
  /// After how many microseconds an unacknowledged handoff is overdue, as configured now.
  let overdueAfter: @Sendable () -> Int64
  let time: any TimeSource

  /// The moment of a question.
  var clock: HandoffClock {
    HandoffClock(now: Timestamp(microseconds: time.wall().microseconds), overdueAfter: overdueAfter())
  }

  /// Answers a request for the one thing that its path names.
  func show<Found>(
    _ what: String, _ request: Request, _ reply: Reply,
    find: @escaping @Sendable (StoreQueries, String) throws(StoreError) -> Found?,
    render: @escaping @Sendable (String, Found, HandoffClock) -> [UInt8]
  ) {
    let query = QueryReader(request, [])
    if let refusal = query.refusal { return reply.send(refusal) }
    let id = request.parameter("id") ?? ""
    let clock = clock
    readers.ask(reply) { queries throws(StoreError) in
      guard let found = try find(queries, id) else {
        return .problem(404, "no \(what) of this id is known; events take up to a second to be seen here")
      }
      return .json(render(id, found, clock))
    }
  }
}
