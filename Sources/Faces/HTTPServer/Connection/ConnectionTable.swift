import CPlatform
import Glibc
import Platform
import Synchronization

/// The open connections, for the reaper.
///
/// The library closes a socket only after it has told us, and it is told here under the lock; so while the lock is
/// held no socket in the table can be another's.
final class ConnectionTable: Sendable {
  private let open = Gate<[Int32: Connection]>([:])
  private let total = Atomic<Int>(0)
  private let expected = Atomic<Int>(0)

  /// How many there are.
  var count: Int { total.load(ordering: .relaxed) }

  /// A connection is handed to the library, which will add it.
  func expectOne() { expected.add(1, ordering: .sequentiallyConsistent) }

  /// One of those is here, or was not taken.
  func expectOneLess() { expected.subtract(1, ordering: .sequentiallyConsistent) }

  /// Whether a request may still come from a client that does not know that the server ends: one is on its way,
  /// or the connection was at work until a moment ago.
  func isExpectant(_ now: MonotonicInstant, patience: Duration) -> Bool {
    if expected.load(ordering: .sequentiallyConsistent) > 0 { return true }
    return open.withLock { $0.values.contains { $0.isExpectant(now, patience: patience) } }
  }

  func add(_ connection: Connection) {
    total.add(1, ordering: .relaxed)
    open.withLock { $0[connection.socket] = connection }
    expectOneLess()
  }

  func remove(_ connection: Connection) {
    total.subtract(1, ordering: .relaxed)
    open.withLock { if $0[connection.socket] === connection { $0[connection.socket] = nil } }
  }

  /// Cuts the connections that `isDue` names: shutdown(2) and no more, since the socket is the library's.
  ///
  /// What it gives back is done after the lock is released. A connection that waits for the rest of its body hears of
  /// the end of its socket only when it is resumed, so its body is ended too.
  func sweep(_ isDue: (Connection) -> Exchange.Expiry) -> (cut: Int, resume: [Connection]) {
    var shut: [Connection] = []
    defer { for connection in shut { connection.endStream() } }
    return open.withLock { open in
      var cut = 0
      var resume: [Connection] = []
      for connection in open.values {
        switch isDue(connection) {
        case .none: continue
        case .probe where !hasLeft(connection): continue
        case .probe: shutdown(connection.socket, Int32(SHUT_RDWR))
        case .shutdown:
          shutdown(connection.socket, Int32(SHUT_RDWR))
          shut.append(connection)
          cut += 1
        case .resume: resume.append(connection)
        }
      }
      return (cut, resume)
    }
  }

  /// Whether the client of an idle connection has said that it will send no more.
  ///
  /// The library misses it where it came together with the request: it reads what there is, and the edge is gone.
  private func hasLeft(_ connection: Connection) -> Bool {
    hd_peek(connection.socket) == 0
  }
}
