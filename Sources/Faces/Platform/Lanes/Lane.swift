import CPlatform
import Glibc

/// A thread with a name, for work that blocks or that must stay in order.
///
/// `@unchecked Sendable` because the handle is written once, before anybody else sees it.
public final class Lane: @unchecked Sendable {
  private var thread = pthread_t()
  private let joined = Guarded(false)

  /// Starts `body` on a thread of its own; the system shows the first 15 bytes of `name`.
  public init(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
    let work = unsafe Unmanaged.passRetained(Work(name: name, body: body))
    let result = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, work.toOpaque())
    if result == 0 { return }
    unsafe work.release()
    joined.withLock { $0 = true }
    throw SystemError(call: "start", subject: "thread \(name)", errno: result)
  }

  deinit {
    joined.withLock { if !$0 { pthread_detach(thread) } }
  }

  /// How far a lane gives way to others where there are not enough cores for all.
  public enum Politeness: Int32, Sendable {
    /// A little: to what many wait for.
    case little = 4
    /// As far as there is a way: to everything that somebody waits for.
    case most = 19
  }

  /// Makes the lane that calls this give way to the others.
  public static func giveWay(_ politeness: Politeness) {
    // On Linux a thread has a priority of its own; without one it is only less polite.
    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, politeness.rawValue)
  }

  /// Waits until the body has returned.
  ///
  /// Any number of threads may ask; on the lane itself it returns at once.
  public func join() {
    if pthread_equal(thread, pthread_self()) != 0 { return }
    joined.withLock {
      if !$0 { pthread_join(thread, nil) }
      $0 = true
    }
  }
}

private final class Work: Sendable {
  let name: String
  let body: @Sendable () -> Void

  init(name: String, body: @escaping @Sendable () -> Void) {
    self.name = name
    self.body = body
  }

  func run() {
    let cut = String(decoding: name.utf8.prefix(15), as: UTF8.self)
    unsafe hd_name_thread(cut)
    body()
  }
}
