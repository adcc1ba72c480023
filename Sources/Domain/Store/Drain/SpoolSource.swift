public import Spool

/// The spool is where the drain reads from.
extension Spool: RecordSource {
  /// The lowest sequence that can be read.
  public var first: UInt64 { status().firstSequence }

  /// The sequence that the next record will get.
  public var tail: UInt64 { status().nextSequence }

  /// Gives the spool a new identity.
  public func renew() { renewIdentity() }
}
