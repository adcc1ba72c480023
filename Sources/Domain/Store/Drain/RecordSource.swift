public import Platform
public import Spool

/// Where the drain reads from: the spool, or an array in a test.
public protocol RecordSource: Sendable {
  /// Whose records these are.
  var identity: SpoolID { get }
  /// The lowest sequence that can be read.
  var first: UInt64 { get }
  /// The sequence that the next record will get.
  var tail: UInt64 { get }
  /// Records from `sequence` on, at least one and about `maxBytes` at most; waits until `deadline` for one to come.
  func read(from sequence: UInt64, maxBytes: Int, waitUntil deadline: MonotonicInstant) -> [SpoolRecord]
  /// Gives the records a new identity, under which they are drained from the first.
  func renew()
  /// Everything below `sequence` is committed in PostgreSQL.
  func release(below sequence: UInt64)
}
