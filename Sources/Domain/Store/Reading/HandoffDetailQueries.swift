// A handoff takes two round trips: its record, and then together all that the record leads to. Only longer lines of parents
// and of envelopes are followed one by one, both at a time.
import Model
import Platform
import Postgres

extension StoreQueries {
  /// A handoff with its events and its lineage; nil where there is none of that id.
  public func handoff(_ id: String) throws(StoreError) -> HandoffDetail? {
    // Text of PostgreSQL cannot hold NUL, so nothing stored has such an id.
    if id.utf8.contains(0) { return nil }
    let asOf = asOf
    return try ask("show handoff") { scope throws(PostgresError) in
      let record = Statement.handoff(id)
      guard let handoff = try scope.handoffs(record.sql, record.parameters).first else { return nil }
      var detail = try scope.detail(of: handoff)
      detail.asOf = asOf
      return detail
    }
  }
}

extension QueryScope {
  fileprivate func detail(of handoff: StoredHandoff) throws(PostgresError) -> HandoffDetail {
    var parents = HandoffLine(from: handoff, by: .parentHandoffID)
    var envelopes = HandoffLine(from: handoff, by: .envelopePrevious)
    var rows = try rows(
      ofAny: [
        .events(of: handoff), .children(of: handoff), .fallbacks(of: handoff), .broadcast(of: handoff),
        parents.question, envelopes.question,
      ], isLast: parents.isOver && envelopes.isOver)
    let (events, isCut) = try rows[0]?.events(of: handoff) ?? ([], false)
    var detail = HandoffDetail(
      handoff: handoff, events: events, isCut: isCut, parents: [], children: try rows[1]?.handoffs() ?? [],
      fallbacks: try rows[2]?.handoffs() ?? [], envelopes: [], broadcast: try rows[3]?.broadcast(of: handoff))
    rows.removeFirst(4)
    while true {
      try parents.take(rows[0])
      try envelopes.take(rows[1])
      if parents.isOver, envelopes.isOver { break }
      rows = try self.rows(ofAny: [parents.question, envelopes.question], isLast: false)
    }
    (detail.parents, detail.envelopes) = (parents.handoffs, envelopes.handoffs)
    return detail
  }
}

/// The handoffs that a fact leads to, one after another, the nearest first.
private struct HandoffLine {
  private static let longest = 32
  private let fact: FactID
  private(set) var handoffs: [StoredHandoff] = []
  private var seen: Set<String>
  private var next: String?

  init(from handoff: StoredHandoff, by fact: FactID) {
    self.fact = fact
    seen = [handoff.id]
    go(behind: handoff)
  }

  /// Whether nothing more is to be asked.
  var isOver: Bool { next == nil }

  /// What leads on.
  var question: Statement? { next.map { .handoff($0) } }

  /// Takes the answer to the question.
  mutating func take(_ answer: Rows?) throws(PostgresError) {
    next = nil
    guard let found = try answer?.handoffs().first else { return }
    handoffs.append(found)
    go(behind: found)
  }

  private mutating func go(behind handoff: StoredHandoff) {
    guard let id = handoff.record.text(of: fact), handoffs.count < Self.longest, seen.insert(id).inserted
    else {
      return
    }
    next = id
  }
}

extension Statement {
  private static let mostRelatives = Parameter.int8(200)
  private static let mostEvents = Parameter.int8(1_000)
  private static let mostEventBytes = Parameter.int8(8 << 20)

  fileprivate static func handoff(_ id: String) -> Statement {
    Statement("SELECT \(HandoffQuery.columns) FROM handoffd.handoffs WHERE handoff_id = $1", [.text(id)])
  }

  /// The events in the order of their keys, as far as an answer may hold them.
  ///
  /// The bounds on `occurred_at` say nothing new, but spare the partitions of all other days.
  fileprivate static func events(of handoff: StoredHandoff) -> Statement {
    let life = handoff.record.life
    return Statement(
      """
      SELECT e.body, e.received_at, p.instance, e.occurred_at, e.type, e.event_id, e.total
      FROM (SELECT *, sum(octet_length(body::text)) OVER (ORDER BY occurred_at, event_id) AS upto,
              count(*) OVER () AS total
            FROM handoffd.handoff_events
            WHERE handoff_id = $1 AND occurred_at BETWEEN $2 AND $3) AS e
        LEFT JOIN handoffd.spool_positions AS p ON p.spool_id = e.spool_id
      WHERE e.upto <= $4 ORDER BY e.occurred_at, e.event_id LIMIT $5
      """,
      [
        .text(handoff.id), .moment(life.firstEventAt ?? .earliest), .moment(life.lastEventAt ?? .latest),
        mostEventBytes, mostEvents,
      ])
  }

  fileprivate static func children(of handoff: StoredHandoff) -> Statement {
    Statement(
      """
      SELECT \(HandoffQuery.columns) FROM handoffd.handoffs WHERE parent_handoff_id = $1 AND handoff_id <> $1
      ORDER BY first_event_at, handoff_id LIMIT $2
      """, [.text(handoff.id), mostRelatives])
  }

  /// Other handoffs of the task, or from this one, that its sender made because its receiver could not be had.
  fileprivate static func fallbacks(of handoff: StoredHandoff) -> Statement? {
    let record = handoff.record
    guard let target = record.text(of: .originalToAgent) ?? record.text(of: .toAgent) else { return nil }
    return Statement(
      """
      SELECT \(HandoffQuery.columns) FROM handoffd.handoffs
      WHERE (task_id = $1 OR parent_handoff_id = $4) AND original_to_agent = $2
        AND from_agent IS NOT DISTINCT FROM $3 AND handoff_id <> $4
      ORDER BY first_event_at, handoff_id LIMIT $5
      """,
      [
        .text(record.text(of: .taskID)), .text(target), .text(record.text(of: .fromAgent)), .text(handoff.id),
        mostRelatives,
      ])
  }
}

extension Rows {
  /// The events of a handoff, in the order in which they count, and whether there are more.
  fileprivate func events(of handoff: StoredHandoff) throws(PostgresError) -> ([StoredEvent], isCut: Bool) {
    var keyed: [(StoredEvent, Timestamp, UInt8, String)] = []
    for row in 0..<count {
      let event = StoredEvent(
        body: try value(row, 0), occurredAt: try moment(row, 3), receivedAt: try moment(row, 1),
        instance: try optional(row, 2))
      let rank = EventType(name: try value(row, 4))?.rank ?? 0
      keyed.append((event, event.occurredAt, rank, try value(row, 5)))
    }
    keyed.sort { ($0.1, $0.2, $0.3) < ($1.1, $1.2, $1.3) }
    let total = isEmpty ? handoff.record.eventCount : Int(try value(0, 6, as: Int64.self))
    return (keyed.map(\.0), keyed.count < total)
  }
}
