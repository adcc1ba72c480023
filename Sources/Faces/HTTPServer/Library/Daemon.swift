import CMicrohttpd
import Glibc
import Platform

/// One daemon of the library: a thread that serves the connections it is handed.
///
/// The library could listen and share connections out among a pool of threads by itself. It does not get to, because in
/// epoll mode the only way to make it stop listening, MHD_quiesce_daemon, races with its own threads for the removal of
/// the listening socket, and whoever comes second aborts the process.
///
/// `@unchecked Sendable` because the handle is constant, and the library lets any thread hand it connections; that it
/// is stopped once, and after the drain, is the server's business.
@safe final class Daemon: @unchecked Sendable {
  private let handle: OpaquePointer
  private let logger: UnsafeMutablePointer<hd_mhd_logger>

  init(_ core: ServerCore) throws(HTTPServerError) {
    let options = unsafe Self.options(core)
    let context = unsafe Unmanaged.passUnretained(core).toOpaque()
    let logger = UnsafeMutablePointer<hd_mhd_logger>.allocate(capacity: 1)
    unsafe logger.initialize(to: hd_mhd_logger(write: LibraryLog.write, context: context))
    let started = unsafe hd_mhd_start(hd_mhd_handed, logger, Callbacks.answer, context, options)
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

  /// Ends the daemon and its thread.
  ///
  /// Nothing may be suspended: the library aborts the process then.
  func stop() {
    unsafe MHD_stop_daemon(handle)
    unsafe logger.deallocate()
  }

  /// Because: the library reads the list once, while it starts; every context is the core, which outlives it.
  private static func options(_ core: ServerCore) -> [MHD_OptionItem] {
    let context = unsafe Unmanaged.passUnretained(core).toOpaque()
    func function<Function>(_ option: MHD_OPTION, _ callback: Function) -> MHD_OptionItem {
      unsafe MHD_OptionItem(option: option, value: unsafeBitCast(callback, to: Int.self), ptr_value: context)
    }
    func number(_ option: MHD_OPTION, _ value: Int) -> MHD_OptionItem {
      unsafe MHD_OptionItem(option: option, value: value, ptr_value: nil)
    }
    return unsafe [
      // What counts over all daemons is the acceptor's business.
      number(hd_mhd_option_connections, core.acceptedLimit),
      number(hd_mhd_option_memory, core.limits.connectionMemory),
      number(hd_mhd_option_strict, LibraryVersion.parsesInPlace ? 0 : 1),
      function(hd_mhd_option_target, Callbacks.target),
      function(hd_mhd_option_unescape, Callbacks.unescape),
      function(hd_mhd_option_completed, Callbacks.completed),
      function(hd_mhd_option_connection, Callbacks.notify),
      number(hd_mhd_option_end, 0),
    ]
  }
}
