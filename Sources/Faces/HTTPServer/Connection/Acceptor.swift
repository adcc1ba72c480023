import CPlatform
import Glibc
import Platform
import Synchronization

/// The lane that takes connections and deals them out to the serving lanes in turn.
final class Acceptor: Sendable {
  private let stopper: FileDescriptor
  private let lane: Lane
  private let isStopped = Atomic<Bool>(false)

  init(_ listeners: [ListenSocket], _ lanes: [ServingLane], _ core: ServerCore) throws(SystemError) {
    let (stopped, stopper) = try FileDescriptor.pipe()
    lane = try Lane(name: "http-acceptor") {
      var round = AcceptRound(listeners: listeners, lanes: lanes, core: core, stopped: stopped)
      round.run()
    }
    self.stopper = stopper
  }

  deinit { stop() }

  /// Takes what has come until now, then refuses what comes.
  ///
  /// Any number of calls.
  func stop() {
    // Once only: a pipe that nobody reads any more would end the process.
    if !isStopped.exchange(true, ordering: .relaxed) { try? stopper.write(all: [0]) }
    lane.join()
  }
}

/// What the acceptor's lane does, again and again.
private struct AcceptRound {
  let listeners: [ListenSocket]
  let lanes: [ServingLane]
  let core: ServerCore
  let stopped: FileDescriptor
  private var next = 0

  init(listeners: [ListenSocket], lanes: [ServingLane], core: ServerCore, stopped: FileDescriptor) {
    self.listeners = listeners
    self.lanes = lanes
    self.core = core
    self.stopped = stopped
  }

  mutating func run() {
    var isStopped = false
    while !isStopped {
      isStopped = isStopping(listening: true, wait: -1)
      for listener in listeners where !takeAll(of: listener) {
        // There are no files left: new ones are tried for now and then, not all the time.
        isStopped = isStopping(listening: false, wait: 50) || isStopped
      }
    }
    end()
  }

  /// Takes the last connections, and closes the listeners.
  ///
  /// Without the filter some could be made between the last look and the closing, and be lost with what they sent.
  private mutating func end() {
    for listener in listeners {
      _ = hd_refuse_connections(listener.number)
      _ = takeAll(of: listener)
      listener.close()
    }
  }

  /// Waits until there is something to do; whether that is to stop.
  private func isStopping(listening: Bool, wait: Int32) -> Bool {
    var sockets = [pollfd(fd: stopped.number, events: Int16(POLLIN), revents: 0)]
    if listening { sockets += listeners.map { pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0) } }
    unsafe poll(&sockets, nfds_t(sockets.count), wait)
    return sockets[0].revents != 0
  }

  /// Takes the connections that wait; false when the system has no room for another.
  private mutating func takeAll(of listener: ListenSocket) -> Bool {
    var address = sockaddr_storage()
    while true {
      var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let socket = unsafe hd_accept(listener.number, &address, &size)
      guard socket < 0 else {
        take(socket, address, size)
        continue
      }
      switch errno {
      case EINTR, ECONNABORTED, EPROTO: continue
      case EAGAIN: return true
      default:
        let reason = SystemError(call: "accept", subject: listener.address, errno: errno).reason
        core.log(
          .warning, "cannot accept a connection; it waits until there is room",
          ["address": .text(listener.address), "reason": .text(reason)])
        return false
      }
    }
  }

  private mutating func take(_ socket: Int32, _ address: sockaddr_storage, _ size: socklen_t) {
    guard core.connections.count < core.acceptedLimit else {
      close(socket)
      return core.counters.shed.count()
    }
    next = next &+ 1
    core.connections.expectOne()
    lanes[next % lanes.count].take(socket, address, size)
  }
}
