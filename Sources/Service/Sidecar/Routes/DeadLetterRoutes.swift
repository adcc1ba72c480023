import Audit
import Bytes
import HTTPServer
import Model
import Platform
import Store

/// The dead-letter desk: what was parked, and dealing with it by hand.
struct DeadLetterRoutes: Sendable {
  let readers: Readers
  let ingest: Ingest
  let time: any TimeSource

  var routes: [Route] {
    [
      Route("GET", "/v1/dead-letters") { request, reply in list(request, reply) },
      Route(
        "POST", "/v1/dead-letters/{id}/resolve", bodyLimit: 16 << 10, admit: { Self.admit($0) },
        handle: { request, reply in resolve(request, reply) }),
    ]
  }

  private func list(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, Self.parameters)
    let limit = query.read(Self.limit)
    let cursor = query.read(Self.cursor)
    if let refusal = query.refusal { return reply.send(refusal) }
    let now = Timestamp(microseconds: time.wall().microseconds)
    readers.ask(reply) { queries throws(StoreError) in
      let page = try queries.deadLetters(limit: limit, cursor: cursor)
      var writer = JSONWriter(capacity: 256 + page.deadLetters.count * 512)
      writer.object {
        $0.key("dead_letters")
        $0.array(page.deadLetters) { $0.deadLetter($1, now) }
        $0.member("next_cursor", page.next)
        $0.member("as_of", page.asOf)
      }
      return .json(writer.bytes)
    }
  }

  private static func admit(_ head: RequestHead) -> Response? {
    let type = head.headers["content-type"] ?? "application/json"
    if type.lowercased().hasPrefix("application/json") { return nil }
    return .problem(415, #"send JSON: {"resolved_by": "who", "note": "why"}"#)
      .adding("Accept", "application/json")
  }

  /// Resolving is an event like any other: it is on disk when this is answered, and the record says who and why.
  private func resolve(_ request: Request, _ reply: Reply) {
    let query = QueryReader(request, [])
    if let refusal = query.refusal { return reply.send(refusal) }
    let id = request.parameter("id") ?? ""
    let (ingest, time) = (ingest, time)
    readers.ask(reply) { queries throws(StoreError) in
      guard let detail = try queries.handoff(id) else {
        return .problem(404, "no handoff of this id is known")
      }
      guard let letter = DeadLetter(detail.handoff.record) else {
        return .problem(409, "this handoff was never parked: there is nothing to resolve")
      }
      if letter.status == .handled { return .problem(409, "this dead letter is handled already") }
      let event = Self.event(id, request.body, at: Timestamp(microseconds: time.wall().microseconds))
      return Self.wait(for: ingest, event, request.peer, until: time.now() + .seconds(5))
    }
  }

  /// What the client says of it becomes the event's attributes.
  private static func event(_ id: String, _ body: [UInt8], at moment: Timestamp) -> [UInt8] {
    var writer = JSONWriter(capacity: body.count + 256)
    writer.object {
      $0.member("type", "handoff.resolved")
      $0.member("handoff_id", id)
      $0.member("occurred_at", moment.text)
      if !body.isEmpty {
        $0.key("attributes")
        $0.raw(body)
      }
    }
    return writer.bytes
  }

  private static func wait(
    for ingest: Ingest, _ event: [UInt8], _ peer: String, until deadline: MonotonicInstant
  ) -> Response {
    let answer = Gate(Response?.none)
    ingest.accept(event: event, from: peer) { response in
      answer.withLock { $0 = response }
      answer.broadcast()
    }
    return answer.wait(until: deadline) { $0 }
      ?? .problem(503, "the disk takes too long; look at the dead letter before you try again", retryAfter: 5)
  }
}

extension JSONWriter {
  /// A parked handoff, and what became of it.
  fileprivate mutating func deadLetter(_ stored: StoredDeadLetter, _ now: Timestamp) {
    let record = stored.handoff.record
    let letter = DeadLetter(record)
    object {
      $0.member("handoff_id", stored.handoff.id)
      $0.member("task_id", record.text(of: .taskID))
      $0.member("from_agent", record.text(of: .fromAgent))
      $0.member("to_agent", record.text(of: .toAgent))
      $0.member("reason", record.text(of: .parkReason) ?? record.text(of: .errorMessage))
      $0.member("error_type", record.text(of: .errorType))
      $0.member("attempts", record.life.attempts)
      $0.member("parked_at", stored.parkedAt)
      $0.member("age_seconds", Self.age(since: stored.parkedAt, now))
      $0.member("status", (letter?.status ?? .pending).rawValue)
      $0.member("resolved_by", stored.resolvedBy)
      $0.member("note", stored.note)
    }
  }
}
