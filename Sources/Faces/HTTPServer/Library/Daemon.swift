import CMicrohttpd
import Glibc
import Platform

/// One daemon of the library, run by whoever calls `run`.
///
/// The library could run threads, listen and share connections out by itself. It does none of it here:
///   - its own epoll loop fetches events 128 at a time, and after a full 128 waits for more before it looks at those it
///     has. With 128 clients that all wait for their answers there are no more: everything stands still (seen with 1,000
///     connections). Run from outside it never waits;
///   - in epoll mode the only way to make it stop listening, MHD_quiesce_daemon, races with its own threads for the
///     removal of the listening socket, and whoever comes second aborts the process.
///
/// `@unchecked Sendable` because the handle is constant, and it is used by one lane, until that has ended.
@safe final class Daemon: @unchecked Sendable {
  private let handle: OpaquePointer
  private let logger: UnsafeMutablePointer<hd_mhd_logger>
  private let context: DaemonContext

  init(_ core: ServerCore, _ bell: Bell) throws(HTTPServerError) {
    self.context = DaemonContext(core: core, bell: bell)
    let context = unsafe Unmanaged.passUnretained(self.context).toOpaque()
    let options = unsafe Self.options(core.limits, connections: core.acceptedLimit, context)
    let logger = UnsafeMutablePointer<hd_mhd_logger>.allocate(capacity: 1)
    unsafe logger.initialize(to: hd_mhd_logger(write: LibraryLog.write, context: context))
    let started = unsafe hd_mhd_start(
      hd_mhd_flags | hd_mhd_handed, logger, Callbacks.answer, context, options)
    guard let handle = unsafe started else {
      unsafe logger.deallocate()
      throw HTTPServerError(
        code: .start, subject: "any address", cause: "libmicrohttpd \(LibraryVersion.text) did not start",
        hint: "the log says why at level debug")
    }
    unsafe self.handle = handle
    unsafe self.logger = logger
  }

  /// Hands over a connection, socket and all; false when the library could not take it, and has closed it.
  func add(_ socket: Int32, _ address: UnsafePointer<sockaddr>, _ size: socklen_t) -> Bool {
    unsafe MHD_add_connection(handle, socket, address, size) == hd_mhd_yes
  }

  /// The descriptor that is readable when there is something to do.
  var descriptor: Int32 { unsafe hd_mhd_epoll(handle) }

  /// How long `run` may be put off, in milliseconds; -1 until the descriptor is readable.
  var patience: Int32 {
    var milliseconds: UInt64 = 0
    return unsafe MHD_get_timeout(handle, &milliseconds) == hd_mhd_yes ? Int32(clamping: milliseconds) : -1
  }

  /// Does what there is to do, without waiting.
  func run() { _ = unsafe MHD_run(handle) }

  /// Ends the daemon.
  ///
  /// Nothing may be suspended: the library aborts the process then.
  func stop() {
    unsafe MHD_stop_daemon(handle)
    unsafe logger.deallocate()
  }

  /// Because: the library reads the list once, while it starts; the context is the daemon's own.
  private static func options(
    _ limits: HTTPLimits, connections: Int, _ context: UnsafeMutableRawPointer
  ) -> [MHD_OptionItem] {
    func function<Function>(_ option: MHD_OPTION, _ callback: Function) -> MHD_OptionItem {
      unsafe MHD_OptionItem(option: option, value: unsafeBitCast(callback, to: Int.self), ptr_value: context)
    }
    func number(_ option: MHD_OPTION, _ value: Int) -> MHD_OptionItem {
      unsafe MHD_OptionItem(option: option, value: value, ptr_value: nil)
    }
    return unsafe [
      // What counts over all daemons is the acceptor's business.
      number(hd_mhd_option_connections, connections),
      number(hd_mhd_option_memory, limits.connectionMemory),
      number(hd_mhd_option_strict, LibraryVersion.parsesInPlace ? 0 : 1),
      function(hd_mhd_option_target, Callbacks.target),
      function(hd_mhd_option_unescape, Callbacks.unescape),
      function(hd_mhd_option_completed, Callbacks.completed),
      function(hd_mhd_option_connection, Callbacks.notify),
      number(hd_mhd_option_end, 0),
    ]
  }
}

/// What the library's callbacks are given.
final class DaemonContext: Sendable {
  let core: ServerCore
  /// Wakes the daemon's lane, which the library leaves to us.
  let bell: Bell

  init(core: ServerCore, bell: Bell) {
    self.core = core
    self.bell = bell
  }
}
