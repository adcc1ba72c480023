import Model
import Platform
import Postgres
import Store
import TestSupport
import Testing

/// What tells of a task or a conversation itself is found whatever its days.
@Suite struct TaskTests {
  private static let day: Int64 = 86_400_000_000

  private func event(_ type: EventType, _ id: String, _ fact: FactID, _ subject: String, _ at: Int64)
    -> Occurrence
  {
    Occurrence(
      type: type, id: id, at: Occurrence.base + at, facts: [(fact, .text, subject), (.agent, .text, "a")])
  }

  private func stored(_ rig: Rig, _ events: [Occurrence]) throws -> Store {
    let source = ArraySource()
    source.append(events)
    let store = try rig.store(source)
    try store.drained(source)
    return store
  }

  @Test(arguments: Route.allCases)
  func `a task comes with its handoffs and its own events, over many days`(_ route: Route) throws {
    let rig = try Rig(route)
    let store = try stored(
      rig,
      [
        event(.taskCompleted, "done", .taskID, "t", 0),
        event(.taskCreated, "new", .taskID, "t", -9 * Self.day),
        event(.taskFailed, "broke", .taskID, "t", -4 * Self.day),
        event(.taskCreated, "other", .taskID, "u", 0),
        Occurrence(type: .initiated, id: "i", handoff: "h", facts: [(.taskID, .text, "t")]),
        Occurrence(type: .initiated, id: "i", handoff: "alone", facts: [(.taskID, .text, "v")]),
      ])
    defer { store.stop() }
    let task = try #require(try store.queries.task("t"))
    #expect(task.handoffs.map(\.id) == ["h"])
    #expect(task.types == [.taskCreated, .taskFailed, .taskCompleted])
    #expect(
      task.events.map(\.occurredAt.microseconds) == [-9, -4, 0].map { Occurrence.base + $0 * Self.day })
    #expect(!task.isCut)
    #expect(try store.queries.task("u")?.types == [.taskCreated])
    #expect(try store.queries.task("u")?.handoffs.isEmpty == true)
    #expect(try store.queries.task("v")?.events.isEmpty == true)
    #expect(try store.queries.task("v")?.handoffs.map(\.id) == ["alone"])
    #expect(try store.queries.task("nothing") == nil)
    #expect(try store.queries.conversation("t") == nil)
  }

  @Test(arguments: [999, 1_000, 1_001, 1_002])
  func `of more turns than an answer holds the first are shown, and that there are more`(_ count: Int) throws
  {
    let rig = try Rig()
    // The latest is stored first, so that those that are looked at first are not the first.
    let store = try stored(
      rig,
      (0..<count).reversed().map {
        event(.conversationTurn, "\($0)", .conversationID, "c", Int64($0 - count) * Self.day / 200)
      })
    defer { store.stop() }
    let conversation = try #require(try store.queries.conversation("c"))
    #expect(
      conversation.events.map(\.occurredAt.microseconds)
        == (0..<min(count, 1_000)).map { Occurrence.base + Int64($0 - count) * Self.day / 200 })
    #expect(conversation.isCut == (count > 1_000))
  }

  @Test func `a task of which nothing is told by itself costs no look at any day of the log`() throws {
    let rig = try Rig()
    let store = try stored(
      rig,
      [
        event(.taskCreated, "new", .taskID, "t", -3 * Self.day),
        Occurrence(type: .initiated, id: "i", handoff: "h", facts: [(.taskID, .text, "v")]),
      ])
    defer { store.stop() }
    let asked = Guarded<[Statement]>([])
    var queries = store.queries
    queries.onStatement = { statement in asked.withLock { $0.append(statement) } }
    _ = try queries.task("v")
    #expect(!asked.withLock { $0 }.contains { $0.sql.contains("subject_events") })
    _ = try queries.task("t")
    let events = try #require(asked.withLock { $0 }.first { $0.sql.contains("subject_events") })
    let plan = try rig.connection().execute("EXPLAIN " + events.sql, events.parameters, until: rig.soon)
    let lines = try (0..<plan.count).map { try plan.value($0, 0, as: String.self) }
    // A partition, not one of its indexes: those have longer names.
    let days = lines.flatMap { $0.split(separator: " ") }.filter {
      $0.hasPrefix("subject_events_") && $0.utf8.count == "subject_events_20261121".utf8.count
    }
    #expect(Set(days).count == 1)
  }
}
