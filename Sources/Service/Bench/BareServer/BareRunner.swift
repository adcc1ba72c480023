import CMicrohttpd
import CPlatform
import Glibc
import Platform
import Synchronization

/// A thread that runs one daemon.
///
/// `@unchecked Sendable` because the handle is constant, and only the thread uses it until it has ended.
@safe final class BareRunner: @unchecked Sendable {
  private let daemon: OpaquePointer
  private let event: FileDescriptor
  private let isRung = Atomic<Bool>(false)
  private let isStopped = Atomic<Bool>(false)
  private let lane = Gate<Lane?>(nil)

  init(_ listener: borrowing BareListener, _ list: BareList) throws(SystemError) {
    let started = unsafe BareHandler.start(listener.duplicate(), list)
    guard let daemon = unsafe started else {
      throw SystemError(call: "start", subject: "libmicrohttpd", errno: EINVAL)
    }
    unsafe self.daemon = daemon
    event = FileDescriptor(owning: eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)), path: "eventfd")
    let lane = try Lane(name: "bare-http") { [self] in run() }
    self.lane.withLock { $0 = lane }
  }

  /// Wakes the thread, after connections of its daemon were resumed.
  func ring() {
    if !isRung.exchange(true, ordering: .sequentiallyConsistent) { eventfd_write(event.number, 1) }
  }

  private func run() {
    let events = Int16(POLLIN)
    var sockets = [
      pollfd(fd: unsafe hd_mhd_epoll(daemon), events: events, revents: 0),
      pollfd(fd: event.number, events: events, revents: 0),
    ]
    while !isStopped.load(ordering: .sequentiallyConsistent) {
      var milliseconds: UInt64 = 0
      let isDue = unsafe MHD_get_timeout(daemon, &milliseconds) == hd_mhd_yes
      unsafe poll(&sockets, 2, isDue ? Int32(clamping: milliseconds) : -1)
      if sockets[1].revents != 0 { hear() }
      _ = unsafe MHD_run(daemon)
    }
  }

  private func hear() {
    // In this order, so that no ring is lost: one in between is looked at right after.
    var count: eventfd_t = 0
    unsafe eventfd_read(event.number, &count)
    isRung.store(false, ordering: .sequentiallyConsistent)
  }

  func stop() {
    isStopped.store(true, ordering: .sequentiallyConsistent)
    ring()
    lane.withLock { $0 }?.join()
    unsafe MHD_stop_daemon(daemon)
  }
}
