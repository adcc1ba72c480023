public import Spool

/// The spool is where the drain reads from.
extension Spool: RecordSource {
  /// The sequence that the next record will get.
  public var tail: UInt64 { status().nextSequence }
}
