import CMicrohttpd
import Platform
import Synchronization

/// A library daemon on one listening socket.
///
/// `@unchecked Sendable` because the handle is constant, and the library lets any thread stop a daemon; that it is
/// done once, and after the drain, is the server's business.
@safe final class Daemon: @unchecked Sendable {
  private let listener: ListenSocket
  private let handle: OpaquePointer
  private let logger: UnsafeMutablePointer<hd_mhd_logger>

  init(_ listener: ListenSocket, core: ServerCore) throws(HTTPServerError) {
    let options = unsafe Self.options(listener, core)
    let context = unsafe Unmanaged.passUnretained(core).toOpaque()
    let logger = UnsafeMutablePointer<hd_mhd_logger>.allocate(capacity: 1)
    unsafe logger.initialize(to: hd_mhd_logger(write: LibraryLog.write, context: context))
    let started = unsafe hd_mhd_start(logger, Callbacks.accept, Callbacks.answer, context, options)
    guard let handle = unsafe started else {
      unsafe logger.deallocate()
      throw HTTPServerError(
        code: .start, subject: listener.address, cause: "libmicrohttpd did not start",
        hint: "the log says why at level debug")
    }
    self.listener = listener
    unsafe self.handle = handle
    unsafe self.logger = logger
  }

  /// Takes no more connections.
  func quiesce() {
    unsafe MHD_quiesce_daemon(handle)
    listener.refuse()
  }

  /// Ends the daemon and its threads.
  ///
  /// Nothing may be suspended: the library aborts the process then.
  func stop() {
    unsafe MHD_stop_daemon(handle)
    unsafe logger.deallocate()
    listener.close()
  }

  /// Because: the library reads the list once, while it starts; every context is the core, which outlives it.
  private static func options(_ listener: ListenSocket, _ core: ServerCore) -> [MHD_OptionItem] {
    let context = unsafe Unmanaged.passUnretained(core).toOpaque()
    func function<Function>(_ option: MHD_OPTION, _ callback: Function) -> MHD_OptionItem {
      unsafe MHD_OptionItem(option: option, value: unsafeBitCast(callback, to: Int.self), ptr_value: context)
    }
    func number(_ option: MHD_OPTION, _ value: Int) -> MHD_OptionItem {
      unsafe MHD_OptionItem(option: option, value: value, ptr_value: nil)
    }
    return unsafe [
      number(hd_mhd_option_listen, Int(listener.number)),
      number(hd_mhd_option_threads, core.limits.threads),
      // The policy on accept is what counts over all daemons; this one is a round number above it for each thread.
      number(hd_mhd_option_connections, core.acceptedLimit * max(1, core.limits.threads)),
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
