import Bytes
import HTTPServer
import Model
import Platform
import Store

/// One handoff with all that belongs to it, and lists of handoffs.
struct HandoffRoutes: Sendable {
  let readers: Readers
  /// After how many microseconds an unacknowledged handoff is overdue, as configured now.
  let overdueAfter: @Sendable () -> Int64
  let time: any TimeSource

  var routes: [Route] {
    [
      Route("GET", "/v1/handoffs") { request, reply in list(request, reply) },
      Route("GET", "/v1/handoffs/{id}") { request, reply in show(request, reply) },
    ]
  }

  private var clock: HandoffClock {
    HandoffClock(now: Timestamp(microseconds: time.wall().microseconds), overdueAfter: overdueAfter())
  }

  private func list(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, known: Self.parameters)
    let filter = HandoffFilter(&query)
    let order = query.word("order", HandoffOrder.allCases.map { ($0.rawValue, $0) }) ?? .descending
    let limit = query.count("limit", 1...StoreQueries.largestPage) ?? 100
    let cursor = query.read("cursor", "the next_cursor of an answer to the same query") {
      StoreQueries.isCursor($0, for: order) ? $0 : nil
    }
    if let refusal = query.refusal { return reply.send(refusal) }
    let clock = clock
    readers.ask(reply) { queries throws(StoreError) in
      .json(Self.render(try queries.handoffs(filter, order: order, limit: limit, cursor: cursor), clock))
    }
  }

  private func show(_ request: Request, _ reply: Reply) {
    let query = QueryReader(request, known: [])
    if let refusal = query.refusal { return reply.send(refusal) }
    let id = request.parameter("id") ?? ""
    let clock = clock
    readers.ask(reply) { queries throws(StoreError) in
      guard let detail = try queries.handoff(id) else {
        return .problem(404, "no handoff of this id is known; events take up to a second to be seen here")
      }
      return .json(Self.render(detail, clock))
    }
  }

  private static let parameters = HandoffFilter.parameters + ["order", "limit", "cursor"]
}

extension HandoffFilter {
  /// The parameters that say which handoffs are asked for.
  static let parameters = [
    "task_id", "conversation_id", "agent", "from_agent", "to_agent", "state", "reason", "kind", "pattern",
    "error_class", "error_type", "inferred", "since", "until", "min_completeness", "max_completeness",
    "min_ack_latency",
  ]

  /// The filter that a query asks for; what is wrong with it is noted there.
  init(_ query: inout QueryReader) {
    self.init()
    taskID = query.text("task_id")
    conversationID = query.text("conversation_id")
    agent = query.text("agent")
    fromAgent = query.text("from_agent")
    toAgent = query.text("to_agent")
    state = query.word("state", HandoffState.allCases.map { ($0.name, $0) })
    reason = query.text("reason")
    kind = query.text("kind")
    pattern = query.text("pattern")
    errorClass = query.text("error_class")
    errorType = query.text("error_type")
    inferred = query.flag("inferred")
    since = query.moment("since")
    until = query.moment("until")
    minCompleteness = query.number("min_completeness", 0...1)
    maxCompleteness = query.number("max_completeness", 0...1)
    minAcknowledgementLatency = query.number("min_ack_latency", 0...1e9).map { Int64($0 * 1e6) }
  }
}

extension HandoffRoutes {
  private static func render(_ page: HandoffPage, _ clock: HandoffClock) -> [UInt8] {
    var writer = JSONWriter(capacity: 256 + page.handoffs.count * 1024)
    writer.object {
      $0.key("handoffs")
      $0.array(page.handoffs) { $0.handoff($1.id, $1.record, clock) }
      $0.member("next_cursor", page.next)
      $0.member("as_of", page.asOf?.text)
    }
    return writer.bytes
  }

  private static func render(_ detail: HandoffDetail, _ clock: HandoffClock) -> [UInt8] {
    var writer = JSONWriter(capacity: 4096)
    writer.object {
      $0.key("handoff")
      $0.handoff(detail.handoff.id, detail.handoff.record, clock)
      $0.key("events")
      $0.array(detail.events) { $0.event($1) }
      $0.member("events_cut", flag: detail.isCut)
      $0.key("lineage")
      $0.object {
        for (name, relatives) in [
          ("parents", detail.parents), ("children", detail.children), ("fallbacks", detail.fallbacks),
          ("envelopes", detail.envelopes),
        ] {
          $0.key(name)
          $0.array(relatives) { $0.handoff($1.id, $1.record, clock) }
        }
      }
      $0.member("as_of", detail.asOf?.text)
    }
    return writer.bytes
  }
}
