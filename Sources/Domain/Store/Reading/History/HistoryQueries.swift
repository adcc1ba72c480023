import Model
import Platform
import Postgres
import Spool

extension StoreQueries {
  /// What the database knows of the past of one sidecar.
  public func history(_ bounds: HistoryBounds) throws(StoreError) -> History {
    try ask("read the past", share: 4) { scope throws(PostgresError) in
      try HistoryReader(scope: scope, bounds: bounds).read()
    }
  }
}

/// Reads a history, in one transaction.
struct HistoryReader {
  let scope: QueryScope
  let bounds: HistoryBounds

  /// States of a handoff that was parked once and is dealt with.
  static let handled = "('resolved', 'completed', 'acknowledged')"
  private static let handledStates: Set<HandoffState> = [.resolved, .completed, .acknowledged]

  var spool: Parameter { .uuid(bounds.spool.high, bounds.spool.low) }

  func read() throws(PostgresError) -> History {
    var history = History(position: 1)
    let position = try scope.rows(of: [
      .joiningByIndex,
      Statement("SELECT next_seq, seen_until FROM handoffd.spool_positions WHERE spool_id = $1", [spool]),
    ])[1]
    guard !position.isEmpty else { return history }
    history.position = UInt64(bitPattern: try position.value(0, 0, as: Int64.self))
    history.seenUntil = try position.optionalMoment(0, 1)
    let spans = try spans(of: try candidates())
    history.handoffs = try handoffs(in: spans)
    let tasks = Set(history.handoffs.compactMap { $0.record.text(of: .taskID) })
    history.events = try SubjectHistory(scope: scope, bounds: bounds).read(endsOf: tasks)
    history.agents = try agents()
    history.handledDeadLetters = try handledDeadLetters() - history.handoffs.filter(Self.isHandled).count
    return history
  }

  /// Whether a handoff was parked here and is dealt with.
  private static func isHandled(_ handoff: PastHandoff) -> Bool {
    guard let state = handoff.record.life.state, handledStates.contains(state) else { return false }
    return zip(handoff.record.moments, handoff.receipts).contains { $0.type == .parked && $1.isHere }
  }
}

// MARK: which handoffs

extension HistoryReader {
  private func candidates() throws(PostgresError) -> Set<[UInt8]> {
    var ids = try ids(
      Self.openHandoffs,
      [
        spool, .moment(bounds.idleSince), .int8(Int64(bounds.lookedAt)), .int8(Int64(bounds.open)),
      ])
    ids.formUnion(try self.ids(Self.deadLetters, [spool, .int8(Int64(bounds.deadLetters))]))
    let late = Timestamp(microseconds: bounds.since.microseconds - bounds.lateAfter.inMicroseconds)
    ids.formUnion(
      try self.ids(
        Self.recentHandoffs,
        [spool, .moment(bounds.since), .moment(late), .int8(Int64(bounds.recent))]))
    ids.formUnion(
      try self.ids(
        Self.troubledAgents, [spool, .int8(Int64(bounds.agents)), .int8(Int64(bounds.relatives))]))
    ids.formUnion(try relatives(of: ids))
    return ids
  }

  private func ids(_ sql: String, _ parameters: [Parameter]) throws(PostgresError) -> Set<[UInt8]> {
    let rows = try scope.rows(sql, parameters)
    var ids: Set<[UInt8]> = []
    ids.reserveCapacity(rows.count)
    for row in 0..<rows.count { ids.insert(try rows.value(row, 0)) }
    return ids
  }

  /// An event of the handoff `h` that was received here, found through the key of the log.
  private static let isKnownHere = """
    (SELECT 1 FROM handoffd.handoff_events e WHERE e.handoff_id = h.handoff_id AND e.spool_id = $1
       AND e.occurred_at BETWEEN h.first_event_at AND h.last_event_at LIMIT 1) IS NOT NULL
    """

  private static let openHandoffs = """
    SELECT h.handoff_id FROM (
      SELECT handoff_id, state, first_event_at, last_event_at FROM handoffd.handoffs
      WHERE ended_at IS NULL ORDER BY first_event_at DESC LIMIT $3) AS h
    WHERE (h.state IS DISTINCT FROM 'acknowledged' OR h.last_event_at >= $2) AND \(isKnownHere) LIMIT $4
    """

  private static let deadLetters = """
    SELECT h.handoff_id FROM (
      SELECT DISTINCT handoff_id FROM handoffd.handoff_events WHERE type = 'handoff.parked' AND spool_id = $1
    ) AS p JOIN handoffd.handoffs AS h ON h.handoff_id = p.handoff_id
    WHERE h.state NOT IN \(handled) ORDER BY h.last_event_at DESC LIMIT $2
    """

  private static let recentHandoffs = """
    SELECT handoff_id FROM handoffd.handoff_events
    WHERE spool_id = $1 AND received_at >= $2 AND occurred_at >= $3
    GROUP BY handoff_id ORDER BY max(received_at) DESC LIMIT $4
    """

  /// The last handoffs to each agent one of whose last handoffs did not go well: its row and its circuit
  /// follow from them.
  private static let troubledAgents = """
    SELECT h.handoff_id FROM (
      SELECT agent FROM handoffd.agents WHERE spool_id = $1 ORDER BY last_seen_at DESC LIMIT $2) AS a
    CROSS JOIN LATERAL (
      SELECT last.handoff_id, bool_or(last.is_troubled) OVER () AS is_troubled FROM (
        SELECT handoff_id,
          acknowledged_at IS NULL AND state IS DISTINCT FROM 'completed' OR troubled_state IS NOT NULL
            OR attempts > 1 AS is_troubled
        FROM handoffd.handoffs WHERE to_agent = a.agent ORDER BY first_event_at DESC LIMIT $3) AS last) AS h
    WHERE h.is_troubled
    """

  private func relatives(of ids: Set<[UInt8]>) throws(PostgresError) -> Set<[UInt8]> {
    var tasks: Set<[UInt8]> = []
    for chunk in ids.chunks(of: 10_000) {
      let rows = try scope.rows(
        """
        SELECT DISTINCT task_id FROM handoffd.handoffs WHERE handoff_id = ANY ($1) AND task_id IS NOT NULL
        """, [.ids(chunk)])
      for row in 0..<rows.count { tasks.insert(try rows.value(row, 0)) }
    }
    var found: Set<[UInt8]> = []
    for chunk in tasks.chunks(of: 5_000) where found.count < bounds.recent {
      found.formUnion(
        try self.ids(
          """
          SELECT h.handoff_id FROM unnest($1::text[]) AS t (id) CROSS JOIN LATERAL (
            SELECT handoff_id FROM handoffd.handoffs WHERE task_id = t.id ORDER BY first_event_at DESC LIMIT $2
          ) AS h
          """, [.ids(chunk), .int8(Int64(bounds.relatives))]))
    }
    return found
  }

  private func handledDeadLetters() throws(PostgresError) -> Int {
    Int(
      try scope.rows(
        """
        SELECT count(*) FROM (
          SELECT DISTINCT handoff_id FROM handoffd.handoff_events WHERE type = 'handoff.parked' AND spool_id = $1
        ) AS p JOIN handoffd.handoffs AS h ON h.handoff_id = p.handoff_id WHERE h.state IN \(Self.handled)
        """, [spool]
      ).single(as: Int64.self))
  }
}

// MARK: agents

extension HistoryReader {
  /// When each agent last said anything here: the newest handoffs from it and to it tell.
  private func agents() throws(PostgresError) -> [PastAgent] {
    func lastWord(_ column: String, _ types: String) -> String {
      """
      SELECT max(least(e.occurred_at, e.received_at)) FROM (
        SELECT handoff_id, first_event_at, last_event_at FROM handoffd.handoffs
        WHERE \(column) = a.agent ORDER BY first_event_at DESC LIMIT 8) AS h
      JOIN handoffd.handoff_events AS e ON e.handoff_id = h.handoff_id AND e.spool_id = $1
        AND e.occurred_at BETWEEN h.first_event_at AND h.last_event_at AND e.type IN (\(types))
      """
    }
    let sent = "'handoff.initiated', 'handoff.prepared', 'handoff.replayed', 'handoff.rerouted'"
    let answered =
      "'handoff.acknowledged', 'handoff.received', 'handoff.resumed', 'handoff.rejected', 'handoff.completed'"
    let rows = try scope.rows(
      """
      SELECT a.agent, (\(lastWord("from_agent", sent))), (\(lastWord("to_agent", answered))) FROM (
        SELECT agent FROM handoffd.agents WHERE spool_id = $1 AND last_seen_at >= $3
        ORDER BY last_seen_at DESC LIMIT $2) AS a
      """, [spool, .int8(Int64(bounds.agents)), .moment(bounds.agentsSince)])
    var agents: [PastAgent] = []
    for row in 0..<rows.count {
      let (sender, receiver) = (try rows.optionalMoment(row, 1), try rows.optionalMoment(row, 2))
      agents.append(
        PastAgent(
          name: try rows.value(row, 0), lastSeen: [sender, receiver].compactMap { $0 }.max(),
          receivesHere: receiver != nil))
    }
    return agents
  }
}

extension Rows {
  func optionalMoment(_ row: Int, _ column: Int) throws(PostgresError) -> Timestamp? {
    try optional(row, column, as: WallTime.self).map { Timestamp(microseconds: $0.microseconds) }
  }
}

extension Parameter {
  /// A moment.
  static func moment(_ moment: Timestamp) -> Parameter {
    .timestamptz(WallTime(microseconds: moment.microseconds))
  }

  /// Ids as `text[]`.
  static func ids(_ ids: some Sequence<[UInt8]>) -> Parameter {
    array(of: .text, ids) { $1.field($0) }
  }
}

extension Duration {
  /// In whole microseconds; for durations of days at most.
  var inMicroseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000
  }
}

extension Collection {
  /// The elements, so many at a time.
  func chunks(of size: Int) -> [[Element]] {
    var chunks: [[Element]] = []
    for element in self {
      if let last = chunks.indices.last, chunks[last].count < size {
        chunks[last].append(element)
      } else {
        chunks.append([element])
      }
    }
    return chunks
  }
}
