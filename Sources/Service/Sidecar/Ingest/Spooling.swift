import HTTPServer
import Platform
import Spool

extension SpoolRefusal {
  /// What the client is told: come back later, and when.
  var response: Response {
    switch self {
    case .full(let retryAfter):
      .problem(
        503, "the spool is full: nothing was taken in; try again later", retryAfter: retryAfter.wholeSeconds)
    case .slowDown(let retryAfter):
      .problem(
        429, "the spool is filling up faster than it drains: nothing was taken in; slow down",
        retryAfter: retryAfter.wholeSeconds)
    case .busy(let retryAfter):
      .problem(
        503, "too much is waiting for the disk: nothing was taken in; try again",
        retryAfter: retryAfter.wholeSeconds)
    case .broken:
      .problem(
        503, "the spool's disk cannot be written: nothing was taken in; try again later", retryAfter: 5)
    }
  }
}

extension Duration {
  /// Rounded up, and at least one: a header that says 0 invites a storm.
  fileprivate var wholeSeconds: Int {
    max(1, Int(clamping: components.seconds) + (components.attoseconds > 0 ? 1 : 0))
  }
}
