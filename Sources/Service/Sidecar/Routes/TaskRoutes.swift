import Bytes
import HTTPServer
import Store

/// The way of a task, and what belongs to a conversation.
struct TaskRoutes: Sendable {
  let records: RecordReader

  var routes: [Route] {
    [
      Route("GET", "/v1/tasks/{id}") { request, reply in showTask(request, reply) },
      Route("GET", "/v1/conversations/{id}") { request, reply in showConversation(request, reply) },
    ]
  }

  private func showTask(_ request: Request, _ reply: Reply) {
    records.show("task", request, reply) { queries, id throws(StoreError) in
      try queries.task(id)
    } render: { id, task, clock in
      var writer = JSONWriter(capacity: 1024 + task.handoffs.count * 1024)
      writer.task(id, task, clock)
      return writer.bytes
    }
  }

  private func showConversation(_ request: Request, _ reply: Reply) {
    records.show("conversation", request, reply) { queries, id throws(StoreError) in
      try queries.conversation(id)
    } render: { id, conversation, clock in
      var writer = JSONWriter(capacity: 1024 + conversation.handoffs.count * 1024)
      writer.conversation(id, conversation, clock)
      return writer.bytes
    }
  }
}
