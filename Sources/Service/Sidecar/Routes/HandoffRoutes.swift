import Audit
import Bytes
import HTTPServer
import Model
import Store

/// One handoff with all that belongs to it, and lists of handoffs.
struct HandoffRoutes: Sendable {
  let records: RecordReader

  var routes: [Route] {
    [
      Route("GET", "/v1/handoffs") { request, reply in list(request, reply) },
      Route("GET", "/v1/handoffs/{id}") { request, reply in show(request, reply) },
    ]
  }

  private func list(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, Self.parameters)
    let filter = HandoffFilter(&query)
    let order = query.read(Self.order)
    let limit = query.read(Self.limit)
    let cursor = query.read(Self.cursor.name, Self.cursor.wanted) {
      StoreQueries.isCursor($0, for: order) ? $0 : nil
    }
    if let refusal = query.refusal { return reply.send(refusal) }
    let clock = records.clock
    records.readers.ask(reply) { queries throws(StoreError) in
      .json(Self.render(try queries.handoffs(filter, order: order, limit: limit, cursor: cursor), clock))
    }
  }

  private func show(_ request: Request, _ reply: Reply) {
    records.show("handoff", request, reply) { queries, id throws(StoreError) in
      try queries.handoff(id)
    } render: { _, detail, clock in
      Self.render(detail, clock)
    }
  }
}

extension HandoffRoutes {
  private static func render(_ page: HandoffPage, _ clock: HandoffClock) -> [UInt8] {
    var writer = JSONWriter(capacity: 256 + page.handoffs.count * 1024)
    writer.object {
      $0.key("handoffs")
      $0.array(page.handoffs) { $0.handoff($1.id, $1.record, clock) }
      $0.member("next_cursor", page.next)
      $0.member("as_of", page.asOf)
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
      $0.key("course")
      $0.course(
        HandoffCourse(
          detail.events.compactMap { event in JSONValue(event.body).map { (event.occurredAt, $0) } }))
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
      $0.key("broadcast")
      if let broadcast = detail.broadcast { $0.broadcast(broadcast) } else { $0.null() }
      $0.member("as_of", detail.asOf)
    }
    return writer.bytes
  }
}

extension JSONWriter {
  /// What the events tell together.
  fileprivate mutating func course(_ course: HandoffCourse) {
    object {
      $0.key("phases")
      $0.array(course.phases) { $0.phase($1) }
      $0.member("retry_wait_seconds", Double(course.retryWait) / 1e6)
      $0.key("versions")
      $0.object {
        $0.member("sent", course.sentVersion)
        $0.member("received", course.receivedVersion)
      }
      $0.key("checksums")
      $0.object {
        $0.member("sent", course.checksums.sent)
        $0.member("received", course.checksums.received)
        $0.key("match")
        if let isIntact = course.isIntact { $0.flag(isIntact) } else { $0.null() }
      }
      $0.key("fetches")
      $0.object {
        for fetch in ContextFetch.allCases { $0.member(fetch.rawValue, course.fetches[fetch] ?? 0) }
      }
      $0.key("degraded")
      if let isDegraded = course.isDegraded { $0.flag(isDegraded) } else { $0.null() }
      $0.key("recovered")
      $0.array(course.recovered) { $0.text($1) }
      $0.key("states")
      $0.array(course.states) { $0.state($1) }
      $0.key("decision")
      if let decision = course.decision { $0.decision(decision) } else { $0.null() }
    }
  }

  private mutating func decision(_ decision: HandoffCourse.Decision) {
    object {
      $0.member("source", decision.source)
      $0.member("rule", decision.rule)
      $0.member("alternative", decision.alternative)
    }
  }

  private mutating func phase(_ phase: HandoffCourse.Phase) {
    object {
      $0.member("phase", phase.phase.name)
      $0.member("step", phase.step)
      $0.member("seconds", Double(phase.time) / 1e6)
      $0.member("ended_at", phase.endedAt.text)
    }
  }

  private mutating func state(_ state: HandoffCourse.StateSnapshot) {
    object {
      $0.member("agent", state.agent)
      $0.member("hash", state.hash)
      $0.member("bytes", state.bytes)
      $0.member("transferred_from", state.transferredFrom)
      $0.member("at", state.at.text)
    }
  }

  fileprivate mutating func broadcast(_ broadcast: BroadcastProgress) {
    object {
      $0.member("group_id", broadcast.groupID)
      $0.member("receivers", broadcast.receivers)
      $0.member("known", broadcast.known)
      $0.member("acknowledged", broadcast.acknowledged)
      $0.member("settled", broadcast.settled)
      $0.member("failed", broadcast.failed)
      $0.member("duplicates", broadcast.duplicates)
    }
  }
}
