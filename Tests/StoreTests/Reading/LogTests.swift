import Model
import Platform
import Postgres
import Store
import TestSupport
import Testing

/// The log in the order of receipt.
@Suite struct LogTests {
  private static let second: Int64 = 1_000_000

  /// What identifies an event that was read.
  private struct Read {
    var eventID: String
    var handoffID: String?
  }

  private func read(_ store: Store, from: Int64, until: Int64, limit: Int) throws -> [Read] {
    var all: [Read] = []
    var place: LogPlace? = LogPlace(from: Timestamp(microseconds: Occurrence.base + from * Self.second))
    let end = Timestamp(microseconds: Occurrence.base + until * Self.second)
    while let known = place {
      let page = try store.queries.log(from: known, until: end, limit: limit)
      #expect(page.events.count <= limit)
      try page.events.forEach { event in
        all.append(Read(eventID: event.text(.eventID) ?? "", handoffID: event.text(.handoffID)))
      }
      place = page.next
    }
    return all
  }

  @Test(arguments: Route.allCases)
  func `every event comes once, in the order of receipt, whatever it is about`(_ route: Route) throws {
    let rig = try Rig(route)
    let sources = [ArraySource(), ArraySource()]
    var expected: [String] = []
    // Bursts of more than a page, long silences, and two spools that take turns; what occurred is no order at all.
    var moment: Int64 = 0
    for burst in 0..<12 {
      moment += [1, 40, 400, 9_000][burst % 4]
      let events = (0..<17).map { number in
        Occurrence(
          type: number % 5 == 0 ? .circuitOpened : .initiated, id: "e\(burst)-\(number)",
          handoff: "h\(burst)-\(number)",
          at: Occurrence.base - Int64((number * 7 + burst) % 13) * Self.second,
          facts: number % 5 == 0
            ? [(.agent, .text, "x")] : [(.fromAgent, .text, "a"), (.toAgent, .text, "b")])
      }
      sources[burst % 2].append(events, receivedAt: Occurrence.base + moment * Self.second)
      expected += events.map(\.id)
    }
    let stores = try sources.map { try rig.store($0) }
    defer { stores.forEach { $0.stop() } }
    for (store, source) in zip(stores, sources) { try store.drained(source) }
    for limit in [5, 17, 1_000] {
      let found = try read(stores[0], from: 0, until: moment + 1, limit: limit)
      #expect(found.map(\.eventID) == expected, "\(limit) a page")
      #expect(found.filter { $0.handoffID == nil }.count == 12 * 4)
    }
    // From the second burst on, and before the last.
    let some = try read(stores[0], from: 41, until: moment, limit: 10)
    #expect(some.map(\.eventID) == expected.filter { !$0.hasPrefix("e0-") && !$0.hasPrefix("e11-") })
  }

  @Test func `a page of what came in a rush looks at little else, though nothing was vacuumed`() throws {
    let rig = try Rig()
    let source = ArraySource()
    for batch in 0..<40 {
      let events = (0..<250).map { number in
        Occurrence(
          type: .initiated, id: "e\(batch)-\(number)", handoff: "h\(batch)-\(number)",
          at: Occurrence.base - Int64(number % 4) * 86_400 * Self.second)
      }
      source.append(events, receivedAt: Occurrence.base + Int64(batch) * 10_000)
    }
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    let asked = Guarded<[Statement]>([])
    var queries = store.queries
    queries.onStatement = { statement in asked.withLock { $0.append(statement) } }
    let end = Timestamp(microseconds: Occurrence.base + Self.second)
    var place: LogPlace? = LogPlace(from: Timestamp(microseconds: Occurrence.base))
    while let known = place { place = try queries.log(from: known, until: end, limit: 250).next }
    let connection = try rig.connection()
    let pages = try asked.withLock { $0 }.map {
      try rig.pages(of: $0.sql, $0.parameters, over: connection)
    }
    let all = try #require(
      Int(
        try rig.database.psql(
          """
          SELECT (sum(pg_relation_size(oid)) / 8192)::int FROM pg_class
          WHERE relname LIKE 'handoff_events_%' AND relkind = 'r'
          """)))
    #expect(pages.count >= 40 && all > 200)
    #expect(pages.sorted()[pages.count / 2] < all / 5, "\(pages) of \(all)")
  }
}
