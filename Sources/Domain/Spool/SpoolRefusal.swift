/// Why a record was not taken; nothing of it is acknowledged.
public enum SpoolRefusal: Error, Hashable, Sendable {
  /// No room: the spool has reached its limit, or the disk is full.
  case full(retryAfter: Duration)
  /// Little room left: come back when some has drained.
  case slowDown(retryAfter: Duration)
  /// Too much is waiting for the disk.
  case busy(retryAfter: Duration)
  /// The disk cannot be written, in words.
  case broken(String)
}
