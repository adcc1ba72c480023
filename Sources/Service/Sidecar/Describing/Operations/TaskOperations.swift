extension TaskRoutes {
  static let operations = [
    Operation(
      method: "GET", template: "/v1/tasks/{id}", id: "showTask", tag: .tasks, summary: "Show a task",
      detail: """
        The way it took from agent to agent: who has it now, how deep it is, loops, escalations, what is left of its \
        context after each handoff, and where context and constraints were lost first.
        """, path: [Operation.id("The task's id.", example: "t-1")],
      answers: [.good("The task.", .named("Task")), .badQuery, .unknown("task of this id"), .away, .other]),
    Operation(
      method: "GET", template: "/v1/conversations/{id}", id: "showConversation", tag: .tasks,
      summary: "Show a conversation", detail: "Its handoffs, its turns, and who took part.",
      path: [Operation.id("The conversation's id.", example: "c-1")],
      answers: [
        .good("The conversation.", .named("Conversation")), .badQuery, .unknown("conversation of this id"),
        .away, .other,
      ]),
  ]
}
