import Glibc
import Platform

/// A thread that serves: it runs one daemon of the library and hands it its new connections.
final class ServingLane: Sendable {
  /// A connection that nobody serves yet.
  private struct Arrival: Sendable {
    let socket: Int32
    let address: sockaddr_storage
    let size: socklen_t
  }

  private struct Inbox: Sendable {
    var arrivals: [Arrival] = []
    var isStopped = false
  }

  private let daemon: Daemon
  private let inbox = Gate(Inbox())
  private let bell: Bell
  private let lane = Gate<Lane?>(nil)
  private let connections: ConnectionTable
  private let log: Log

  init(_ core: ServerCore) throws(HTTPServerError) {
    do throws(SystemError) {
      bell = try Bell()
    } catch {
      throw Self.cannotStart(error)
    }
    connections = core.connections
    log = core.log
    daemon = try Daemon(core, bell)
  }

  /// Begins to serve.
  func start(_ index: Int) throws(HTTPServerError) {
    do throws(SystemError) {
      let lane = try Lane(name: "http-\(index)") { [self] in run() }
      self.lane.withLock { $0 = lane }
    } catch {
      throw Self.cannotStart(error)
    }
  }

  private static func cannotStart(_ error: SystemError) -> HTTPServerError {
    HTTPServerError(code: .start, subject: "any address", cause: error.description, hint: "")
  }

  /// Takes a connection over.
  func take(_ socket: Int32, _ address: sockaddr_storage, _ size: socklen_t) {
    let isFirst = inbox.withLock {
      $0.arrivals.append(Arrival(socket: socket, address: address, size: size))
      return $0.arrivals.count == 1
    }
    if isFirst { bell.ring() }
  }

  /// Ends the thread, then the daemon.
  ///
  /// Nothing may be suspended any more.
  func stop() {
    inbox.withLock { $0.isStopped = true }
    bell.ring()
    lane.withLock { $0 }?.join()
    daemon.stop()
  }

  private func run() {
    // A group commit is short, and many answers wait for it; the next requests can wait that long.
    Lane.giveWay(.little)
    let events = Int16(POLLIN)
    var sockets = [
      pollfd(fd: daemon.descriptor, events: events, revents: 0),
      pollfd(fd: bell.number, events: events, revents: 0),
    ]
    let round = Round()
    while true {
      unsafe poll(&sockets, 2, daemon.patience)
      if sockets[1].revents != 0 {
        bell.hear()
        if !welcome() { return }
      }
      round.run { daemon.run() }
    }
  }

  /// Serves what has arrived; false when it is time to end.
  private func welcome() -> Bool {
    let (arrivals, isStopped) = inbox.withLock { inbox in
      defer { inbox.arrivals = [] }
      return (inbox.arrivals, inbox.isStopped)
    }
    for arrival in arrivals {
      guard !isStopped else {
        connections.expectOneLess()
        close(arrival.socket)
        continue
      }
      let isTaken = unsafe withUnsafePointer(to: arrival.address) { address in
        unsafe daemon.add(
          arrival.socket, UnsafeRawPointer(address).assumingMemoryBound(to: sockaddr.self), arrival.size)
      }
      if isTaken { continue }
      connections.expectOneLess()
      log(.warning, "cannot serve a connection: libmicrohttpd did not take it; it is closed")
    }
    return !isStopped
  }
}
