import CPostgres
import Glibc
import Platform

/// Waits for a socket, never beyond a deadline of our own: a stopped server keeps its socket open and
/// silent for ever, and no setting of libpq or TCP notices.
struct SocketWait {
  let time: any TimeSource
  let interruption: Interruption?

  /// What to wait for.
  struct Interest: OptionSet {
    let rawValue: Int16
    static let reading = Self(rawValue: Int16(POLLIN))
    static let writing = Self(rawValue: Int16(POLLOUT))
  }

  /// What the socket is ready for; empty when the deadline passed first.
  func callAsFunction(_ socket: Int32, _ interest: Interest, until deadline: MonotonicInstant) -> Interest {
    var entry = pollfd(fd: socket, events: interest.rawValue, revents: 0)
    while true {
      let left = deadline - time.now()
      if left <= .zero || interruption?.isRaised == true { return [] }
      let milliseconds = min(
        (left.clampedNanoseconds &+ 999_999) / 1_000_000, interruption == nil ? 60_000 : 100)
      let ready = unsafe poll(&entry, 1, Int32(truncatingIfNeeded: milliseconds))
      if ready > 0 {
        // An error or a hang-up shows itself in the next read or write.
        let failed = entry.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
        return failed ? interest : Interest(rawValue: entry.revents).intersection(interest)
      }
      if ready < 0, errno != EINTR, errno != EAGAIN { return interest }
    }
  }

  /// Whether there is something to read now, be it only the end; does not wait.
  static func hasInput(_ socket: Int32) -> Bool {
    var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, 0) > 0
  }
}
