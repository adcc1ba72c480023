import Model
import Platform
import Postgres
import TestSupport
import Testing

@testable import Store

/// What a list is asked for is found among many others without a look at these.
@Suite struct FilterTests {
  /// Filters, and the handoffs that pass.
  private static let cases: [(String, @Sendable (inout HandoffFilter) -> Void, [String])] = [
    ("task", { $0.taskID = "odd2" }, ["h11"]),
    ("conversation", { $0.conversationID = "odd0" }, ["h11"]),
    ("agent", { $0.agent = "odd11" }, ["h20011", "h11"]),
    ("from", { $0.fromAgent = "odd11" }, ["h20011", "h11"]),
    ("to", { $0.toAgent = "odd11" }, ["h11"]),
    ("state", { $0.state = .failed }, ["h20011", "h11"]),
    ("open", { $0.state = .initiated }, []),
    ("reason", { $0.reason = "oddword" }, ["h20011", "h11"]),
    ("no reason at all", { $0.reason = "no" }, []),
    ("kind", { $0.kind = "oddword" }, ["h20011", "h11"]),
    ("pattern", { $0.pattern = "oddword" }, ["h20011", "h11"]),
    ("error class", { $0.errorClass = "odd" }, ["h20011", "h11"]),
    ("error type", { $0.errorType = "odd" }, ["h20011", "h11"]),
    ("inferred", { $0.inferred = true }, ["h20011", "h11"]),
    ("user", { $0.userID = "odd" }, ["h20011", "h11"]),
    ("completeness at most", { $0.maxCompleteness = 0.5 }, ["h20011", "h11"]),
    ("completeness between", { ($0.minCompleteness, $0.maxCompleteness) = (0.3, 0.7) }, ["h20011", "h11"]),
    ("completeness at least", { $0.minCompleteness = 1 }, []),
    ("contradictory", { ($0.minCompleteness, $0.maxCompleteness) = (0.9, 0.2) }, []),
    ("wait", { $0.minAcknowledgementLatency = 30_000_000 }, ["h20011", "h11"]),
    ("wait between two bounds", { $0.minAcknowledgementLatency = 44_000_000 }, ["h20011", "h11"]),
    ("longer wait", { $0.minAcknowledgementLatency = 45_000_001 }, []),
    ("two words", { ($0.kind, $0.reason) = ("word", "oddword") }, []),
    ("word and receiver", { ($0.toAgent, $0.reason) = ("5", "oddword") }, []),
    ("word and agent", { ($0.agent, $0.reason) = ("odd11", "oddword") }, ["h20011", "h11"]),
    ("wait and receiver", { ($0.toAgent, $0.minAcknowledgementLatency) = ("odd11", 2_000_000) }, ["h11"]),
    ("completeness and agent", { ($0.agent, $0.maxCompleteness) = ("odd11", 0.9) }, ["h20011", "h11"]),
    (
      "wait and completeness", { ($0.minAcknowledgementLatency, $0.maxCompleteness) = (1_000_000, 0.4) },
      ["h20011", "h11"]
    ),
    (
      "word since", { ($0.reason, $0.since) = ("oddword", Timestamp(microseconds: 1_793_500_000_000_000)) },
      ["h20011"]
    ),
    (
      "word until", { ($0.reason, $0.until) = ("oddword", Timestamp(microseconds: 1_793_500_000_000_000)) },
      ["h11"]
    ),
  ]

  @Test func `the few that pass a filter are found without a look at all others`() throws {
    let rig = try Rig()
    let store = try rig.crowd()
    defer { store.stop() }
    let connection = try rig.connection()
    let all = try #require(
      Int(try rig.database.psql("SELECT relpages FROM pg_class WHERE oid = 'handoffd.handoffs'::regclass")))
    #expect(all > 1_000)
    for (name, change, expected) in Self.cases {
      var filter = HandoffFilter()
      change(&filter)
      for order in HandoffOrder.allCases {
        let ids = order == .descending ? expected : expected.reversed()
        #expect(
          try store.queries.handoffs(filter, order: order).handoffs.map(\.id) == ids, "\(name), \(order)")
        let query = HandoffQuery(filter, order: order, limit: 101, after: nil)
        let pages = try rig.pages(of: query.sql, query.parameters, over: connection)
        #expect(pages < 120, "\(name), \(order)")
      }
    }
  }

  @Test func `a measure is at least or at most what is asked, on every bound and between`() throws {
    let rig = try Rig()
    let source = ArraySource()
    let waits: [Int64] = [0, 999_999, 1_000_000, 1_000_001, 2_000_000, 29_999_999, 30_000_000, 4_000_000_000]
    var stored: [(id: String, wait: Int64, completeness: Double)] = []
    for (number, wait) in waits.enumerated() {
      for resolved in [0, 49, 50, 51, 80, 81, 90, 95, 99, 100] {
        let id = "h\(number)-\(resolved)"
        stored.append((id, wait, Double(resolved) / 100))
        source.append([
          Occurrence(
            type: .initiated, id: "i", handoff: id, at: Occurrence.base,
            facts: [
              (.fromAgent, .text, "a\(number % 2)"), (.toAgent, .text, "a0"), (.memoryRefs, .json, "{}"),
              (.memoryRequested, .number, "100"), (.memoryResolved, .number, "\(resolved)"),
            ]), Occurrence(type: .acknowledged, id: "a", handoff: id, at: Occurrence.base + wait),
        ])
      }
    }
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    func check(
      _ name: String, _ change: (inout HandoffFilter) -> Void, _ passes: (Int64, Double) -> Bool
    ) throws {
      var filter = HandoffFilter()
      change(&filter)
      for agent in [nil, "a0"] {
        filter.agent = agent
        let found = try store.queries.handoffs(filter, limit: 1_000).handoffs.map(\.id)
        #expect(
          Set(found) == Set(stored.filter { passes($0.wait, $0.completeness) }.map(\.id)), "\(name)")
        #expect(found.count == Set(found).count, "\(name)")
      }
    }
    for wait in waits + [1_500_000, 5_000_000_000] {
      try check("wait \(wait)", { $0.minAcknowledgementLatency = wait }, { had, _ in had >= wait })
    }
    let shares = [0, 0.25, 0.499, 0.5, 0.505, 0.8, 0.9, 0.95, 0.97, 1]
    for share in shares {
      try check("at least \(share)", { $0.minCompleteness = share }, { $1 >= share })
      try check("at most \(share)", { $0.maxCompleteness = share }, { $1 <= share })
      for most in shares {
        let change = { (filter: inout HandoffFilter) in
          (filter.minCompleteness, filter.maxCompleteness) = (share, most)
        }
        try check("\(share) to \(most)", change, { share <= $1 && $1 <= most })
      }
    }
  }
}
