import Model
import Platform
import Postgres
import TestSupport
import Testing

@testable import Store

/// What no index leads to is looked for by looking at one handoff after another.
@Suite struct SearchTests {
  /// A lock on all handoffs, which the second asking gives up or takes: so the whole answer takes too long, and a search
  /// does not, or the other way round.
  private final class Barrier: Sendable {
    private let connection: Guarded<Connection>
    private let soon: MonotonicInstant

    init(_ rig: Rig) throws {
      connection = Guarded(try rig.connection())
      soon = rig.soon
    }

    func close() throws {
      try connection.withLock { connection throws(PostgresError) in
        try connection.begin(until: soon)
        try connection.execute("LOCK TABLE handoffd.handoffs", until: soon)
      }
    }

    func open() { connection.withLock { if $0.isInTransaction { $0.rollback(until: soon) } } }
  }

  /// Filters nothing by an index: of what `crowd` stores, four pass.
  private static var unindexed: HandoffFilter {
    var filter = HandoffFilter()
    filter.condition = .test(.handoffID, .regex, [.text("^h2?0{0,2}11$")])
    return filter
  }

  /// Questions that take a second at most by a clock that stands still but for what `onSearch` adds before each look.
  private func queries(
    _ rig: Rig, _ clock: ManualTime, _ onSearch: @escaping @Sendable (Int) -> Void
  ) -> StoreQueries {
    var settings = rig.settings()
    settings.queryDeadline = .seconds(1)
    var queries = StoreQueries(settings, time: clock, log: rig.log) { nil }
    let looks = Guarded(0)
    queries.onStatement = { statement in
      // Only a search judges in a column.
      let isSearch = statement.sql.contains("AS fits")
      let look = looks.withLock { looks in
        looks = isSearch ? looks + 1 : 0
        return looks
      }
      if look > 0 { onSearch(look) }
    }
    return queries
  }

  @Test func `what no index leads to is searched for a while, and the next page goes on`() throws {
    let rig = try Rig()
    let store = try rig.crowd()
    defer { store.stop() }
    var found: [String] = []
    var cursor: String?
    var pages = 0
    repeat {
      let page = try store.queries.search(
        Self.unindexed, .descending, limit: 10, from: cursor, until: rig.time.now())
      found += page.handoffs.map(\.id)
      cursor = page.next
      pages += 1
    } while cursor != nil
    #expect(found == ["h20011", "h2011", "h211", "h11"])
    #expect(pages > 10)
    #expect(try store.queries.handoffs(Self.unindexed).handoffs.map(\.id) == found)
    let whole = try store.queries.search(Self.unindexed, .ascending, limit: 1, from: nil, until: rig.soon)
    #expect(whole.handoffs.map(\.id) == ["h11"] && whole.next != nil)
  }

  @Test(arguments: HandoffOrder.allCases, [1, 10])
  func `nothing is lost or found twice where a search takes over, and where it leaves off`(
    _ order: HandoffOrder, _ limit: Int
  ) throws {
    let rig = try Rig()
    let store = try rig.crowd()
    defer { store.stop() }
    let clock = ManualTime()
    let barrier = try Barrier(rig)
    let looks = Guarded(0)
    let searching = queries(rig, clock) { look in
      barrier.open()
      clock.advance(by: .milliseconds(100))
      looks.withLock { $0 = look }
    }
    defer { searching.close() }
    var found: [String] = []
    var pages = 0
    var cursor: String?
    repeat {
      // Every other page is found at once, so that each way goes on where the other left off.
      let isSearched = pages.isMultiple(of: 2)
      if isSearched { try barrier.close() }
      let start = clock.now()
      let page = try (isSearched ? searching : store.queries).handoffs(
        Self.unindexed, order: order, limit: limit, cursor: cursor)
      #expect(clock.now() - start <= .milliseconds(400))
      #expect(page.handoffs.count <= limit)
      // As many looks as fit into the time; in the order in which some are near the first, a page of one is full before.
      if pages == 0 { #expect(looks.withLock { $0 } == (order == .ascending && limit == 1 ? 1 : 4)) }
      found += page.handoffs.map(\.id)
      cursor = page.next
      pages += 1
    } while cursor != nil
    let all = ["h20011", "h2011", "h211", "h11"]
    #expect(found == (order == .descending ? all : all.reversed()))
    #expect(pages > 1)
  }

  @Test func `a search that is held up gives what it has found, and goes on from there`() throws {
    let rig = try Rig()
    let store = try rig.crowd()
    defer { store.stop() }
    let clock = ManualTime()
    let barrier = try Barrier(rig)
    let searching = queries(rig, clock) { look in
      if look == 1 { barrier.open() }
      if look == 3 { #expect(throws: Never.self) { try barrier.close() } }
    }
    defer { searching.close() }
    try barrier.close()
    let first = try searching.handoffs(Self.unindexed, order: .ascending)
    #expect(first.handoffs.map(\.id) == ["h11", "h211", "h2011"])
    barrier.open()
    let rest = try store.queries.handoffs(Self.unindexed, order: .ascending, cursor: first.next)
    #expect(rest.handoffs.map(\.id) == ["h20011"])
    #expect(rest.next == nil)
  }
}
