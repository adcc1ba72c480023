import Model
import Platform
import Postgres

extension StoreQueries {
  /// Refused events, the newest first, at most `limit`, behind `cursor`.
  public func rejections(limit: Int = 100, cursor: String? = nil) throws(StoreError) -> RejectionPage {
    let after = try Self.read(cursor, .rejections)
    let limit = min(max(limit, 1), Self.largestPage)
    let asOf = asOf
    let (found, keys) = try ask("list rejections") { scope throws(PostgresError) in
      try scope.rejections(limit + 1, after)
    }
    let hasMore = found.count > limit
    let next = hasMore ? Cursor(.rejections, found[limit - 1].receivedAt, keys[limit - 1]).text : nil
    return RejectionPage(rejections: Array(found.prefix(limit)), next: next, asOf: asOf)
  }

  /// Whether a cursor was given out for the list of rejections.
  public static func isRejectionCursor(_ text: String) -> Bool { Cursor(text)?.list == .rejections }
}

extension QueryScope {
  /// The key is what makes entries of one moment differ, as text that sorts as they do.
  private static let key = """
    spool_id::text || lpad(sequence::text, 20, '0') || acknowledged::integer::text || lpad(slot::text, 10, '0')
    """

  fileprivate func rejections(_ limit: Int, _ cursor: Cursor?) throws(PostgresError) -> (
    [StoredRejection], [String]
  ) {
    var condition = ""
    var parameters: [Parameter] = [.int8(Int64(limit))]
    if let cursor {
      condition = "WHERE r.received_at <= $2 AND (r.received_at < $2 OR r.key < $3 COLLATE \"C\")"
      parameters += [.timestamptz(WallTime(microseconds: cursor.moment.microseconds)), .text(cursor.key)]
    }
    let rows = try rows(
      """
      SELECT r.received_at, r.sender, p.instance, r.event_index, r.code, r.pointer, r.message, r.body,
        r.acknowledged, r.key
      FROM (SELECT *, (\(Self.key)) COLLATE "C" AS key FROM handoffd.rejections) AS r
        LEFT JOIN handoffd.spool_positions AS p ON p.spool_id = r.spool_id
      \(condition) ORDER BY r.received_at DESC, r.key DESC LIMIT $1
      """, parameters, isLast: true)
    var found: [StoredRejection] = []
    var keys: [String] = []
    for row in 0..<rows.count {
      found.append(try rejection(rows, row))
      keys.append(try rows.value(row, 9))
    }
    return (found, keys)
  }

  private func rejection(_ rows: Rows, _ row: Int) throws(PostgresError) -> StoredRejection {
    StoredRejection(
      receivedAt: try rows.moment(row, 0), from: try rows.value(row, 1), instance: try rows.optional(row, 2),
      index: Int(try rows.value(row, 3, as: Int64.self)), code: try rows.value(row, 4),
      pointer: try rows.value(row, 5), message: try rows.value(row, 6), body: try rows.value(row, 7),
      isAcknowledged: try rows.value(row, 8))
  }
}
