import Model

/// How long the time is that a row of the rollups stands for, in minutes.
enum RollupSpan: Int16, CaseIterable, Sendable {
  case minute = 1
  case hour = 60
  case day = 1440

  /// The start of the span that a minute lies in, in minutes since 1970.
  func start(of minute: Int64) -> Int64 {
    let length = Int64(rawValue)
    let rest = minute % length
    return minute - (rest < 0 ? rest + length : rest)
  }
}

/// Whose handoffs a row counts.
enum RollupKind: Int16, Sendable {
  /// All.
  case all = 0
  /// Those from one agent to another; a name that is not known is empty.
  case pair = 1
  /// Those of all pairs that have no rows of their own.
  case rest = 2
}

/// One row of the rollups of a sidecar.
struct RollupKey: Hashable, Comparable, Sendable {
  var span: RollupSpan
  /// In minutes since 1970.
  var start: Int64
  var kind: RollupKind
  var from: [UInt8] = []
  var to: [UInt8] = []

  /// Where it begins.
  var startsAt: Timestamp { Timestamp(microseconds: start &* Timestamp.microsecondsPerMinute) }

  /// The key of the same handoffs for a longer time.
  func widened(to span: RollupSpan) -> Self {
    var key = self
    key.span = span
    key.start = span.start(of: start)
    return key
  }

  static func < (left: Self, right: Self) -> Bool {
    if left.span != right.span { return left.span.rawValue < right.span.rawValue }
    if left.start != right.start { return left.start < right.start }
    if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
    if left.from != right.from { return left.from.lexicographicallyPrecedes(right.from) }
    return left.to.lexicographicallyPrecedes(right.to)
  }
}

extension Timestamp {
  static let microsecondsPerMinute: Int64 = 60_000_000

  /// Minutes since 1970 of the minute that holds this moment.
  var minute: Int64 {
    let (quotient, rest) = microseconds.quotientAndRemainder(dividingBy: Self.microsecondsPerMinute)
    return rest < 0 ? quotient - 1 : quotient
  }
}
