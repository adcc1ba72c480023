public import Platform

/// A record that was read from the spool.
public struct SpoolRecord: Hashable, Sendable {
  /// Its place in the order of receipt, from 1; never given twice.
  public var sequence: UInt64
  /// What the payload is; 1 is a batch of events.
  public var kind: UInt8
  /// How many events are in the payload, as the writer said.
  public var events: Int
  /// When it was appended.
  public var received: WallTime
  /// The bytes.
  public var payload: [UInt8]

  /// Puts a record together.
  public init(sequence: UInt64, kind: UInt8, events: Int, received: WallTime, payload: [UInt8]) {
    self.sequence = sequence
    self.kind = kind
    self.events = events
    self.received = received
    self.payload = payload
  }
}
