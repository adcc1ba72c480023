/// A point on a clock that never goes back and knows no calendar; for deadlines and ages.
public struct MonotonicInstant: Comparable, Hashable, Sendable {
  /// Nanoseconds since an arbitrary start.
  public var nanoseconds: UInt64

  /// Wraps a count of nanoseconds.
  public init(nanoseconds: UInt64) {
    self.nanoseconds = nanoseconds
  }

  /// Before every other instant: a deadline that has passed.
  public static let distantPast = MonotonicInstant(nanoseconds: 0)

  /// After every other instant: a deadline that never comes.
  public static let distantFuture = MonotonicInstant(nanoseconds: .max)

  /// Orders by time.
  public static func < (left: Self, right: Self) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The time from `right` to `left`; negative when `left` is earlier.
  public static func - (left: Self, right: Self) -> Duration {
    left >= right
      ? .nanoseconds(Int64(clamping: left.nanoseconds - right.nanoseconds))
      : .nanoseconds(0 - Int64(clamping: right.nanoseconds - left.nanoseconds))
  }

  /// The instant `right` later; stops at either end of time.
  public static func + (left: Self, right: Duration) -> Self {
    let amount = right.clampedNanoseconds
    let (sum, overflow) =
      amount >= 0
      ? left.nanoseconds.addingReportingOverflow(amount.magnitude)
      : left.nanoseconds.subtractingReportingOverflow(amount.magnitude)
    return overflow ? (amount >= 0 ? .distantFuture : .distantPast) : Self(nanoseconds: sum)
  }
}

extension Duration {
  /// Whole nanoseconds, stopping at the ends of `Int64` (292 years).
  public var clampedNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow || carry ? (seconds < 0 ? .min : .max) : sum
  }

  /// Seconds as a number.
  public var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
