import Model
import Platform
import Postgres

extension StoreQueries {
  /// So many handoffs are looked at together where no index leads to those that are asked for.
  private static let searched = 2_000

  /// Handoffs that pass a filter, at most `limit`, behind `cursor`.
  ///
  /// Half the time of a question is for the whole answer at once; where that is not enough, the rest is for a search that
  /// gives what it has found when the time is over.
  public func handoffs(
    _ filter: HandoffFilter, order: HandoffOrder = .descending, limit: Int = 100, cursor: String? = nil
  ) throws(StoreError) -> HandoffPage {
    let list = Cursor.List.handoffs(order)
    let after = try Self.read(cursor, list)
    let limit = min(max(limit, 1), Self.largestPage)
    let asOf = asOf
    let query = HandoffQuery(filter, order: order, limit: limit + 1, after: after)
    do throws(StoreError) {
      let found = try ask("list handoffs", share: 0.5) { scope throws(PostgresError) in
        try scope.handoffs(query.sql, query.parameters)
      }
      return HandoffPage(found, limit: limit, next: nil, list, asOf: asOf)
    } catch {
      guard error.code == .tooSlow else { throw error }
      return try search(
        filter, order, limit: limit, from: cursor, until: time.now() + settings.queryDeadline * 0.4)
    }
  }

  /// Looks at one handoff after another until `end`; what it has not come to by then is left to the next page, so that
  /// this one may be short, or empty, though more follow.
  func search(
    _ filter: HandoffFilter, _ order: HandoffOrder, limit: Int, from cursor: String?,
    until end: MonotonicInstant
  ) throws(StoreError) -> HandoffPage {
    let asOf = asOf
    var found: [StoredHandoff] = []
    var next = cursor
    repeat {
      let page = try exportedHandoffs(filter, order: order, limit: Self.searched, cursor: next)
      found += page.handoffs
      next = page.next
    } while next != nil && found.count <= limit && time.now() < end
    return HandoffPage(found, limit: limit, next: next, .handoffs(order), asOf: asOf)
  }

  /// Whether a cursor was given out for a list of handoffs in that order.
  public static func isCursor(_ text: String, for order: HandoffOrder) -> Bool {
    Cursor(text)?.list == .handoffs(order)
  }

  static func read(_ text: String?, _ list: Cursor.List) throws(StoreError) -> Cursor? {
    guard let text else { return nil }
    guard let cursor = Cursor(text), cursor.list == list else {
      throw StoreError(
        .cursor, "go on with the list", cause: "the cursor is none that was given out for this list")
    }
    return cursor
  }

  /// A handoff with its events and its lineage; nil where there is none of that id.
  public func handoff(_ id: String) throws(StoreError) -> HandoffDetail? {
    // Text of PostgreSQL cannot hold NUL, so nothing stored has such an id.
    if id.utf8.contains(0) { return nil }
    let asOf = asOf
    return try ask("show handoff") { scope throws(PostgresError) in
      guard let handoff = try scope.handoff(id) else { return nil }
      let (events, isCut) = try scope.events(of: handoff)
      return HandoffDetail(
        handoff: handoff, events: events, isCut: isCut,
        parents: try scope.chain(from: handoff, by: .parentHandoffID),
        children: try scope.children(of: handoff), fallbacks: try scope.fallbacks(of: handoff),
        envelopes: try scope.chain(from: handoff, by: .envelopePrevious),
        broadcast: try scope.broadcast(of: handoff), asOf: asOf)
    }
  }
}

extension HandoffPage {
  /// The first of those that were found; `next` is where to go on behind all of them.
  fileprivate init(
    _ found: [StoredHandoff], limit: Int, next: String?, _ list: Cursor.List, asOf: Timestamp?
  ) {
    let last = found.count > limit ? found[limit - 1] : nil
    self.init(
      handoffs: Array(found.prefix(limit)),
      next: last.map { Cursor(list, $0.firstEventAt, $0.id).text } ?? next, asOf: asOf)
  }
}

extension QueryScope {
  private static let longestChain = 32
  private static let mostRelatives = 200
  private static let mostEvents = 1_000
  private static let mostEventBytes = 8 << 20

  fileprivate func handoff(_ id: String) throws(PostgresError) -> StoredHandoff? {
    try handoffs(
      "SELECT \(HandoffQuery.columns) FROM handoffd.handoffs WHERE handoff_id = $1", [.text(id)]
    ).first
  }

  /// The events in the order of their keys, as far as an answer may hold them.
  ///
  /// The bounds on `occurred_at` say nothing new, but spare the partitions of all other days.
  fileprivate func events(of handoff: StoredHandoff) throws(PostgresError) -> ([StoredEvent], isCut: Bool) {
    let life = handoff.record.life
    let rows = try rows(
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
        .int8(Int64(Self.mostEventBytes)), .int8(Int64(Self.mostEvents)),
      ])
    var keyed: [(StoredEvent, Timestamp, UInt8, String)] = []
    for row in 0..<rows.count {
      let event = StoredEvent(
        body: try rows.value(row, 0), occurredAt: try rows.moment(row, 3),
        receivedAt: try rows.moment(row, 1),
        instance: try rows.optional(row, 2))
      let rank = EventType(name: try rows.value(row, 4))?.rank ?? 0
      keyed.append((event, event.occurredAt, rank, try rows.value(row, 5)))
    }
    keyed.sort { ($0.1, $0.2, $0.3) < ($1.1, $1.2, $1.3) }
    let total = rows.isEmpty ? handoff.record.eventCount : Int(try rows.value(0, 6, as: Int64.self))
    return (keyed.map(\.0), keyed.count < total)
  }

  /// The handoffs that a fact leads to, one after another, the nearest first.
  fileprivate func chain(from handoff: StoredHandoff, by fact: FactID) throws(PostgresError)
    -> [StoredHandoff]
  {
    var chain: [StoredHandoff] = []
    var seen: Set<String> = [handoff.id]
    var next = handoff.record.text(of: fact)
    while let id = next, chain.count < Self.longestChain, seen.insert(id).inserted,
      let found = try self.handoff(id)
    {
      chain.append(found)
      next = found.record.text(of: fact)
    }
    return chain
  }

  fileprivate func children(of handoff: StoredHandoff) throws(PostgresError) -> [StoredHandoff] {
    try handoffs(
      """
      SELECT \(HandoffQuery.columns) FROM handoffd.handoffs WHERE parent_handoff_id = $1 AND handoff_id <> $1
      ORDER BY first_event_at, handoff_id LIMIT $2
      """, [.text(handoff.id), .int8(Int64(Self.mostRelatives))])
  }

  /// Other handoffs of the task, or from this one, that its sender made because its receiver could not be had.
  fileprivate func fallbacks(of handoff: StoredHandoff) throws(PostgresError) -> [StoredHandoff] {
    let record = handoff.record
    guard let target = record.text(of: .originalToAgent) ?? record.text(of: .toAgent) else { return [] }
    return try handoffs(
      """
      SELECT \(HandoffQuery.columns) FROM handoffd.handoffs
      WHERE (task_id = $1 OR parent_handoff_id = $4) AND original_to_agent = $2
        AND from_agent IS NOT DISTINCT FROM $3 AND handoff_id <> $4
      ORDER BY first_event_at, handoff_id LIMIT $5
      """,
      [
        .text(record.text(of: .taskID)), .text(target), .text(record.text(of: .fromAgent)), .text(handoff.id),
        .int8(Int64(Self.mostRelatives)),
      ])
  }
}
