/// What a batch came to.
struct BatchResult: Sendable, Equatable {
  /// Events that were not there before.
  var stored = 0
  var duplicates = 0
  var conflicts = 0
  /// Events and records that were set aside.
  var quarantined = 0
  /// Refused events, those found only here included.
  var rejections = 0
  /// Handoffs whose records were written a second time, because another sidecar came first.
  var reread = 0

  static func += (left: inout Self, right: Self) {
    left.stored += right.stored
    left.duplicates += right.duplicates
    left.conflicts += right.conflicts
    left.quarantined += right.quarantined
    left.rejections += right.rejections
    left.reread += right.reread
  }
}
