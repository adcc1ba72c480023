import Audit
import Bytes
import HTTPServer
import Model
import Platform
import Store

/// The way of a task, and what belongs to a conversation.
struct TaskRoutes: Sendable {
  let readers: Readers
  /// After how many microseconds an unacknowledged handoff is overdue, as configured now.
  let overdueAfter: @Sendable () -> Int64
  let time: any TimeSource

  var routes: [Route] {
    [
      Route("GET", "/v1/tasks/{id}") { request, reply in showTask(request, reply) },
      Route("GET", "/v1/conversations/{id}") { request, reply in showConversation(request, reply) },
    ]
  }

  private var clock: HandoffClock {
    HandoffClock(now: Timestamp(microseconds: time.wall().microseconds), overdueAfter: overdueAfter())
  }

  private func showTask(_ request: Request, _ reply: Reply) {
    let query = QueryReader(request, known: [])
    if let refusal = query.refusal { return reply.send(refusal) }
    let id = request.parameter("id") ?? ""
    let clock = clock
    readers.ask(reply) { queries throws(StoreError) in
      guard let task = try queries.task(id) else {
        return .problem(404, "no task of this id is known; events take up to a second to be seen here")
      }
      var writer = JSONWriter(capacity: 1024 + task.handoffs.count * 1024)
      writer.task(id, task, clock)
      return .json(writer.bytes)
    }
  }

  private func showConversation(_ request: Request, _ reply: Reply) {
    let query = QueryReader(request, known: [])
    if let refusal = query.refusal { return reply.send(refusal) }
    let id = request.parameter("id") ?? ""
    let clock = clock
    readers.ask(reply) { queries throws(StoreError) in
      guard let conversation = try queries.conversation(id) else {
        return .problem(
          404, "no conversation of this id is known; events take up to a second to be seen here")
      }
      var writer = JSONWriter(capacity: 1024 + conversation.handoffs.count * 1024)
      writer.conversation(id, conversation, clock)
      return .json(writer.bytes)
    }
  }
}
