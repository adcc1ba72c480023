import Foundation
import Platform
import TestSupport
import Testing

/// Lists that are read page by page while more comes in: what was there before comes once.
@Suite struct PagingTests {
  private let now = Int(Date().timeIntervalSince1970)

  private func initiated(_ id: String, ago: Int, to: String = "b") -> String {
    #"{"type":"handoff.initiated","handoff_id":"\#(id)","event_id":"i","occurred_at":\#(now - ago),"task_id":"t","conversation_id":"c","from_agent":"a","to_agent":"\#(to)"}"#
  }

  private func parked(_ id: String, ago: Int) -> String {
    initiated(id, ago: ago) + "\n"
      + #"{"type":"handoff.parked","handoff_id":"\#(id)","event_id":"p","occurred_at":\#(now - ago + 1)}"#
  }

  private func healthy(_ id: String, ago: Int) -> String {
    #"{"type":"agent.health","agent":"b","event_id":"\#(id)","occurred_at":\#(now - ago),"health":{"status":"healthy","issues":["\#(id)"]}}"#
  }

  private func refused(_ id: String) -> String {
    #"{"type":"handoff.step","handoff_id":7,"event_id":"\#(id)"}"#
  }

  /// What was there before, at moments that many share.
  private func story(_ name: String, _ count: Int, _ random: inout SeededRandom) -> String {
    (0..<count).flatMap { number -> [String] in
      let (id, ago) = ("\(name)\(number)", Int.random(in: 100...160, using: &random))
      return [
        initiated("o\(id)", ago: ago), initiated("x\(id)", ago: ago, to: "a"), parked("p\(id)", ago: ago),
        healthy("e\(id)", ago: ago), refused("r\(id)"),
      ]
    }.joined(separator: "\n")
  }

  /// The lists, and what tells their entries apart.
  private static let lists: [(target: String, list: String, id: @Sendable (JSONNode) -> String?)] = [
    ("/v1/handoffs?limit=3&order=desc", "handoffs", { $0["handoff_id"]?.text }),
    ("/v1/handoffs?limit=3&order=asc", "handoffs", { $0["handoff_id"]?.text }),
    ("/v1/handoffs?limit=3&agent=a&order=desc", "handoffs", { $0["handoff_id"]?.text }),
    ("/v1/handoffs?limit=3&agent=b&order=asc&state=initiated", "handoffs", { $0["handoff_id"]?.text }),
    ("/v1/handoffs?limit=2&state=parked&task_id=t", "handoffs", { $0["handoff_id"]?.text }),
    ("/v1/active?limit=3", "handoffs", { $0["handoff_id"]?.text }),
    ("/v1/dead-letters?limit=3", "dead_letters", { $0["handoff_id"]?.text }),
    ("/v1/agents/b/health?limit=3", "reports", { $0["health"]?["issues"]?.elements.first?.text }),
    ("/v1/rejections?limit=3", "rejections", { $0["body"]?.text }),
  ]

  private func read(
    _ connection: HTTPConnection, _ target: String, _ list: String, _ id: (JSONNode) -> String?
  ) throws -> [String] {
    var ids: [String] = []
    var cursor: String?
    repeat {
      let page = try JSONNode(json: connection.get(target + (cursor.map { "&cursor=\($0)" } ?? "")).body)
      ids += page[list]?.elements.compactMap(id) ?? []
      cursor = page["next_cursor"]?.text
    } while cursor != nil
    return ids
  }

  @Test func `cursors give each entry once while others come in before and behind them`() throws {
    var random = SeededRandom(for: "cursors under inserts")
    let sidecar = try RunningSidecar()
    try sidecar.send(story("old", 30, &random))
    _ = try sidecar.handoff("pold29", events: 2)
    let before = try Self.lists.map { target, list, id in
      let connection = try sidecar.process.connect()
      let all = try read(connection, target.replacing(/limit=[0-9]/, with: "limit=1000"), list, id)
      #expect(all.count >= 30 && Set(all).count == all.count, "\(target)")
      return all
    }
    let isDone = Guarded(false)
    let writer = Guarded(random)
    let endpoint = try sidecar.process.address()
    let lane = try Lane(name: "writer") { [self] in
      guard let connection = try? HTTPConnection(endpoint) else { return }
      var number = 0
      while !isDone.withLock({ $0 }), number < 400 {
        let lines = writer.withLock { story("new\(number)-", 2, &$0) }
        _ = try? connection.post("/v1/events", lines, type: "application/x-ndjson")
        number += 1
      }
    }
    defer {
      isDone.withLock { $0 = true }
      lane.join()
    }
    let connection = try sidecar.process.connect()
    for (place, (target, list, id)) in Self.lists.enumerated() {
      let seen = try read(connection, target, list, id)
      #expect(Set(seen).count == seen.count, "\(target) gives something twice, seed \(random.seed)")
      let old = Set(before[place])
      #expect(seen.filter(old.contains) == before[place], "\(target), seed \(random.seed)")
    }
    let rows = try connection.get("/v1/export?order=asc").text.split(separator: "\n")
      .compactMap { try JSONNode(json: $0.utf8)["handoff_id"]?.text }
    #expect(Set(rows).count == rows.count)
    #expect(Set(before[0]).isSubset(of: rows))
  }

  /// Puts a change of an alert into the database, as a sidecar does.
  private func change(_ sidecar: RunningSidecar, _ number: Int, ago: Int) throws {
    try sidecar.database.psql(
      """
      INSERT INTO handoffd.alert_transitions VALUES ('f\(number % 3)', gen_random_uuid(), \(number), 'i',
        to_timestamp(\(now - ago)), 'a\(number)', 'warning', 'firing', '{}', '{}', NULL, 1, now(), '[]', false)
      """)
  }

  @Test func `changes of alerts come once each while others come in before and behind them`() throws {
    let sidecar = try RunningSidecar()
    for number in 0..<20 { try change(sidecar, number, ago: 100 + number / 4) }
    let connection = try sidecar.process.connect()
    let all = try read(connection, "/v1/alerts/history?limit=1000", "transitions") { $0["alert"]?.text }
    #expect(Set(all).count == 20 && all.count == 20)
    var seen: [String] = []
    var cursor: String?
    var number = 100
    repeat {
      let target = "/v1/alerts/history?limit=3" + (cursor.map { "&cursor=\($0)" } ?? "")
      let page = try JSONNode(json: connection.get(target).body)
      seen += page["transitions"]?.elements.compactMap { $0["alert"]?.text } ?? []
      cursor = page["next_cursor"]?.text
      for ago in [50, 102, 200] where number < 130 {
        try change(sidecar, number, ago: ago)
        number += 1
      }
    } while cursor != nil
    #expect(seen.filter(all.contains) == all)
    #expect(Set(seen).count == seen.count)
  }

  @Test func `limits are kept, and whatever is beyond them is refused`() throws {
    var random = SeededRandom(for: "limits")
    let sidecar = try RunningSidecar()
    try sidecar.send(story("l", 10, &random))
    _ = try sidecar.handoff("pl9", events: 2)
    let connection = try sidecar.process.connect()
    for (target, list, _) in Self.lists {
      for limit in [1, 7, 999, 1_000] {
        let page = try JSONNode(
          json: connection.get(target.replacing(/limit=[0-9]/, with: "limit=\(limit)")).body)
        let count = page[list]?.elements.count ?? -1
        #expect(count == limit || count < limit && page["next_cursor"] == .null, "\(target) \(limit)")
      }
      for limit in ["0", "1001", "-1", "1.5", "", "ten", "99999999999999999999"] {
        let answer = try connection.get(target.replacing(/limit=[0-9]/, with: "limit=\(limit)"))
        #expect(answer.status == 400, "\(target) \(limit)")
      }
    }
  }

  @Test func `what an answer says it has seen is in it`() throws {
    let sidecar = try RunningSidecar()
    let connection = try sidecar.process.connect()
    for number in 0..<20 {
      try sidecar.send(initiated("s\(number)", ago: 30))
      let sent = Date()
      try eventually("an answer that has seen it", every: .milliseconds(5)) {
        let page = try JSONNode(json: connection.get("/v1/handoffs?limit=1000").body)
        guard let asOf = page["as_of"]?.text, let seen = try? Date(asOf, strategy: Self.moments), seen > sent
        else {
          return false
        }
        let ids = page["handoffs"]?.elements.compactMap { $0["handoff_id"]?.text } ?? []
        #expect(ids.contains("s\(number)"), "as of \(asOf)")
        return true
      }
    }
  }

  private static let moments = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
