public import Model
import Platform
import Postgres
public import Spool

/// What other sidecars have told of handoffs that one sidecar holds open.
public struct FleetChanges: Sendable {
  /// Everything below this sequence of the sidecar's own spool is in it.
  public var position: UInt64
  /// Whether any other sidecar has used the database lately.
  public var hasOthers: Bool
  /// The handoffs whose records are of another version than was known.
  public var handoffs: [(id: [UInt8], version: Int64, record: HandoffRecord)] = []
}

extension StoreQueries {
  /// Looks at handoffs whose records may have changed: those of another version than the one given are read.
  ///
  /// Nothing is read while no other sidecar has been there since `othersSince`.
  public func changes(
    of known: [(id: [UInt8], version: Int64)], at spool: SpoolID, othersSince: Timestamp
  ) throws(StoreError) -> FleetChanges {
    try ask("follow open handoffs") { scope throws(PostgresError) in
      let fleet = try scope.rows(
        """
        SELECT (SELECT next_seq FROM handoffd.spool_positions WHERE spool_id = $1),
          EXISTS (SELECT 1 FROM handoffd.spool_positions WHERE spool_id <> $1 AND updated_at >= $2)
        """, [.uuid(spool.high, spool.low), .moment(othersSince)], isLast: known.isEmpty)
      let position = try fleet.optional(0, 0, as: Int64.self) ?? 1
      var changes = FleetChanges(
        position: UInt64(bitPattern: position), hasOthers: try fleet.value(0, 1))
      if changes.hasOthers, !known.isEmpty { changes.handoffs = try scope.changed(known) }
      return changes
    }
  }
}

extension QueryScope {
  fileprivate func changed(
    _ known: [(id: [UInt8], version: Int64)]
  ) throws(PostgresError) -> [(id: [UInt8], version: Int64, record: HandoffRecord)] {
    let find = Statement(
      """
      SELECT h.handoff_id, h.version, h.merge FROM unnest($1::text[], $2::bigint[]) AS k (id, version)
      JOIN handoffd.handoffs AS h ON h.handoff_id = k.id AND h.version <> k.version
      """, [.ids(known.map(\.id)), .int8s(known.map(\.version))])
    let rows = try rows(of: [.joiningByIndex, find], isLast: true)[1]
    var changed: [(id: [UInt8], version: Int64, record: HandoffRecord)] = []
    for row in 0..<rows.count {
      guard let record = HandoffRecord(coded: try rows.value(row, 2)) else { continue }
      changed.append((try rows.value(row, 0), try rows.value(row, 1), record))
    }
    return changed
  }
}
