// The yardstick: what libmicrohttpd and a disk can do with nothing else in between.
//
// A handler reads the body and suspends. One thread takes all that wait, appends their bodies to a file with one
// writev(2), calls fdatasync(2) once, and resumes them; called again, the handler answers 200. There is no policy, no
// limit, no parsing and no object in the way: requests are plain memory on an intrusive list, and the answer is one
// response made beforehand. The library runs with the same options as ours: epoll, two threads, suspend and resume.
import CMicrohttpd
import Glibc
public import Platform

/// A bare libmicrohttpd server that makes bodies durable.
///
/// `@unchecked Sendable` because what it holds is constant, and the memory behind it has its own lock.
@safe public final class BareServer: @unchecked Sendable {
  /// Where it listens.
  public let port: UInt16

  private let list = BareList()
  private let listener: Int32
  private let daemon: OpaquePointer
  private let lane: Lane

  /// Listens on a port of the loopback address and appends to the file at `path`, which is made anew.
  public init(path: String) throws(SystemError) {
    let file = try FileDescriptor.open(path, [.write, .create, .truncate, .append])
    (listener, port) = try BareListener.open()
    let started = unsafe BareHandler.start(listener, list)
    guard let daemon = unsafe started else {
      throw SystemError(call: "start", subject: "libmicrohttpd", errno: EINVAL)
    }
    unsafe self.daemon = daemon
    let writer = BareWriter(list: list, file: file)
    lane = try Lane(name: "bare-writer") { writer.run() }
  }

  /// Answers what waits, then ends.
  ///
  /// To be called once, when the load is over.
  public func stop() {
    unsafe MHD_quiesce_daemon(daemon)
    list.finish()
    lane.join()
    unsafe MHD_stop_daemon(daemon)
    close(listener)
  }
}
