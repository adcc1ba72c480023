import CPostgres
import Platform

extension Connection {
  /// Asks the server to give up what it does for this connection.
  ///
  /// Best effort: libpq's call blocks while
  /// it connects, so it has a lane of its own, and there is one such lane at a time.
  public func cancel() {
    guard let handle = try? unsafe live("cancel"), let token = unsafe PQgetCancel(handle) else { return }
    let cancellation = unsafe Cancellation(owning: token)
    if !Cancellation.begin() { return }
    let lane = try? Lane(name: "pg-cancel") {
      cancellation.run()
      Cancellation.end()
    }
    if lane == nil { Cancellation.end() }
  }
}

/// A token to cancel with.
///
/// `@unchecked Sendable` because libpq documents the token as usable from any thread, and it is never changed.
@safe private final class Cancellation: @unchecked Sendable {
  private static let isRunning = Guarded(false)
  private let token: OpaquePointer

  init(owning token: OpaquePointer) { unsafe self.token = token }

  deinit { unsafe PQfreeCancel(token) }

  func run() {
    var words = [CChar](repeating: 0, count: 256)
    _ = unsafe PQcancel(token, &words, Int32(words.count))
  }

  static func begin() -> Bool {
    isRunning.withLock { running in
      defer { running = true }
      return !running
    }
  }

  static func end() { isRunning.withLock { $0 = false } }
}
