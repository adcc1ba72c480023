// The yardstick: what libmicrohttpd and a disk can do with nothing else in between.
//
// A handler reads the body and suspends. One thread takes all that wait, appends their bodies to a file with one
// writev(2), calls fdatasync(2) once, and resumes them; called again, the handler answers 200. There is no policy, no
// limit, no parsing and no object in the way: requests are plain memory on an intrusive list, and the answer is one
// response made beforehand. Two threads run a daemon each over epoll. (A daemon that runs its own threads waits for ever
// when exactly 128 sockets become ready and their clients all wait, which 1,000 connections soon bring about.)
public import Platform

/// A bare libmicrohttpd server that makes bodies durable.
public final class BareServer: Sendable {
  /// Where it listens.
  public let port: UInt16

  private let list = BareList()
  private let runners: [BareRunner]
  private let writer: Lane

  /// Listens on a port of the loopback address and appends to the file at `path`, which is made anew.
  public init(path: String) throws(SystemError) {
    let file = try FileDescriptor.open(path, [.write, .create, .truncate, .append])
    let listener = try BareListener()
    port = listener.port
    runners = [try BareRunner(listener, list), try BareRunner(listener, list)]
    let work = BareWriter(list: list, file: file, runners: runners)
    writer = try Lane(name: "bare-writer") { work.run() }
  }

  /// Answers what waits, then ends.
  ///
  /// To be called once, when the load is over.
  public func stop() {
    list.finish()
    writer.join()
    for runner in runners { runner.stop() }
  }
}
