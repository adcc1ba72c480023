import Platform

/// The time limits as plain nanoseconds: they are added to the clock several times a request.
struct Deadlines: Sendable {
  let head: UInt64
  let idle: UInt64
  let body: UInt64
  let bodyGrace: UInt64
  let bodyBytesPerSecond: Int
  let answer: UInt64
  let sending: UInt64

  init(_ limits: HTTPLimits) {
    head = Self.nanoseconds(limits.head)
    idle = Self.nanoseconds(limits.idle)
    body = Self.nanoseconds(limits.body)
    bodyGrace = Self.nanoseconds(limits.bodyGrace)
    bodyBytesPerSecond = limits.bodyBytesPerSecond
    answer = Self.nanoseconds(limits.answer)
    sending = Self.nanoseconds(limits.sending)
  }

  private static func nanoseconds(_ duration: Duration) -> UInt64 {
    UInt64(clamping: duration.clampedNanoseconds)
  }
}

extension MonotonicInstant {
  func after(_ nanoseconds: UInt64) -> MonotonicInstant {
    let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
    return overflow ? .distantFuture : MonotonicInstant(nanoseconds: sum)
  }
}
