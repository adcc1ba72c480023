import Model
import Platform
import TestSupport
import Testing

@testable import Store

/// What exports are made of: pages that look at few handoffs, and at the events of those.
@Suite struct ExportTests {
  private static let second: Int64 = 1_000_000

  /// Handoffs of which every tenth is a broadcast, every seventh fails, and one has more events than a page takes.
  private func story() -> [Occurrence] {
    var events: [Occurrence] = []
    for number in 0..<300 {
      let (id, at) = ("h\(number)", Occurrence.base + Int64(number / 3) * Self.second)
      events.append(
        Occurrence(
          type: .initiated, id: "a", handoff: id, at: at,
          facts: [
            (.fromAgent, .text, "a\(number % 4)"), (.toAgent, .text, "b\(number % 3)"),
            (.kind, .text, number % 10 == 3 ? "broadcast" : "warm"),
          ]))
      if number % 7 == 0 {
        events.append(Occurrence(type: .failed, id: "b", handoff: id, at: at + 5 * Self.second))
      }
    }
    for number in 0..<2_500 {
      let at = Occurrence.base + Int64(number / 2) * Self.second
      events.append(Occurrence(type: .step, id: "s\(number)", handoff: "h150", at: at))
    }
    return events
  }

  private static let filters: [(HandoffFilter, HandoffOrder)] = {
    var filters: [HandoffFilter] = [HandoffFilter()]
    func add(_ change: (inout HandoffFilter) -> Void) {
      var filter = HandoffFilter()
      change(&filter)
      filters.append(filter)
    }
    add { $0.kind = "broadcast" }
    add { $0.kind = "cold" }
    add { $0.agent = "a1" }
    add { ($0.agent, $0.kind, $0.state) = ("b2", "broadcast", .failed) }
    add { ($0.fromAgent, $0.toAgent) = ("a1", "b1") }
    add { ($0.state, $0.fromAgent) = (.failed, "a2") }
    add { ($0.inferred, $0.state) = (false, .initiated) }
    add { $0.inferred = true }
    add { $0.since = Timestamp(microseconds: Occurrence.base + 50 * second) }
    return filters.flatMap { filter in HandoffOrder.allCases.map { (filter, $0) } }
  }()

  private func rows(_ events: ExportedEvents) throws -> [String] {
    var rows: [String] = []
    try events.forEach { event throws(StoreError) in
      rows.append("\(event.text(.handoffID) ?? "") \(event.text(.eventID) ?? "")")
    }
    return rows
  }

  @Test func `exports hold what lists hold, in their order, however few of the handoffs looked at pass`()
    throws
  {
    let rig = try Rig()
    let source = ArraySource()
    let story = story()
    source.append(story)
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    var timelines: [String: [String]] = [:]
    for event in story.sorted(by: { ($0.at, $0.id) < ($1.at, $1.id) }) {
      timelines[event.handoff, default: []].append("\(event.handoff) \(event.id)")
    }
    for (filter, order) in Self.filters {
      let listed = try store.queries.handoffs(filter, order: order, limit: 1_000).handoffs.map(\.id)
      var handoffs: [String] = []
      var cursor: String?
      repeat {
        let page = try store.queries.exportedHandoffs(filter, order: order, limit: 7, cursor: cursor)
        handoffs += page.handoffs.map(\.id)
        cursor = page.next
      } while cursor != nil
      #expect(handoffs == listed, "\(filter) \(order)")
      var events: [String] = []
      var place: EventPlace? = EventPlace()
      while let here = place {
        let page = try store.queries.events(filter, order: order, after: here)
        events += try rows(page.events)
        place = page.next
      }
      #expect(events == listed.flatMap { timelines[$0] ?? [] }, "\(filter) \(order)")
    }
  }

  @Test func `a page of events takes fewer where they are large, and handoffs for as many as it takes`() {
    var size = EventPageSize()
    size.adapt(handoffs: 300, events: 900, bytes: 900 * 300)
    #expect(size.events == 2_000 && size.handoffs == 666)
    size.adapt(handoffs: 600, events: 2_000, bytes: 2_000 * 60_000)
    #expect(size.events == 32 && size.handoffs == 9)
    size.adapt(handoffs: 9, events: 0, bytes: 0)
    #expect(size.events == 32 && size.handoffs == 9)
    size.adapt(handoffs: 1, events: 32, bytes: 32 * 300)
    #expect(size.events == 2_000 && size.handoffs == 62)
  }
}

extension ExportedEvent {
  /// A text of its own.
  func text(_ text: Text) -> String? {
    var found: String?
    _ = with(text) { bytes in
      found = String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
    return found
  }
}
