// A thin layer over sockets for tests: blocking calls with a deadline, nothing clever.
import Glibc
public import Platform

/// Where a server listens.
public enum Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// A port of 127.0.0.1.
  case port(UInt16)
  /// A Unix socket.
  case path(String)

  /// As people write it.
  public var description: String {
    switch self {
    case .port(let number): "127.0.0.1:\(number)"
    case .path(let path): path
    }
  }
}

/// A stream socket; closed with its last reference, so that its number never becomes another's under a thread.
public final class Socket: Sendable {
  private let file: FileDescriptor

  private init(_ file: FileDescriptor) {
    self.file = file
  }

  private convenience init(family: Int32, _ what: String) throws {
    let number = Glibc.socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    if number < 0 { throw SystemError(call: "open", subject: what, errno: errno) }
    self.init(FileDescriptor(owning: number, path: what))
  }

  /// Connects to `endpoint`.
  public static func connect(to endpoint: Endpoint) throws -> Socket {
    switch endpoint {
    case .port(let port):
      let socket = try Socket(family: AF_INET, endpoint.description)
      var one: Int32 = 1
      _ = unsafe setsockopt(socket.file.number, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
      try socket.check("connect", unsafe loopback(port) { unsafe Glibc.connect(socket.file.number, $0, $1) })
      return socket
    case .path(let path):
      let socket = try Socket(family: AF_UNIX, path)
      try socket.check("connect", unsafe local(path) { unsafe Glibc.connect(socket.file.number, $0, $1) })
      return socket
    }
  }

  /// Listens on a free port of 127.0.0.1.
  public static func listen() throws -> Socket {
    let socket = try Socket(family: AF_INET, "a port of 127.0.0.1")
    try socket.check("bind", unsafe loopback(0) { unsafe Glibc.bind(socket.file.number, $0, $1) })
    try socket.check("listen on", Glibc.listen(socket.file.number, 128))
    return socket
  }

  /// A port that was free a moment ago.
  public static func freePort() throws -> UInt16 {
    try listen().port()
  }

  /// The port it is bound to.
  public func port() throws -> UInt16 {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(file.number, $0, &size)
      }
    }
    try check("examine", result)
    return UInt16(bigEndian: address.sin_port)
  }

  /// The next connection; nil when `shutDown` was called.
  public func accept() -> Socket? {
    while true {
      // Not closed on exec by itself (accept4 is hidden from Swift); starting a child sees to that.
      let number = Glibc.accept(file.number, nil, nil)
      if number >= 0 {
        var one: Int32 = 1
        _ = unsafe setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        return Socket(FileDescriptor(owning: number, path: "a connection"))
      }
      if errno != EINTR && errno != ECONNABORTED { return nil }
    }
  }

  /// Sends all of `bytes`; false when the other side is gone.
  @discardableResult
  public func send(_ bytes: some Collection<UInt8>) -> Bool {
    let all = Array(bytes)
    var done = 0
    while done < all.count {
      let sent = unsafe all.withUnsafeBytes { buffer in
        unsafe Glibc.send(
          file.number, buffer.baseAddress.map { unsafe $0 + done }, all.count - done, Int32(MSG_NOSIGNAL))
      }
      if sent < 0 && errno == EINTR { continue }
      if sent <= 0 { return false }
      done += sent
    }
    return true
  }

  /// What has come, at most `count` bytes; empty when the other side is done or gone, nil when `deadline` came first.
  public func receive(upTo count: Int = 65_536, until deadline: MonotonicInstant = .distantFuture) -> [UInt8]?
  {
    guard (try? file.waitReadable(until: deadline)) != false else { return nil }
    return (try? file.readSome(upTo: count)) ?? []
  }

  /// Ends both directions, which wakes whoever waits on it.
  public func shutDown() {
    _ = Glibc.shutdown(file.number, Int32(SHUT_RDWR))
  }

  /// Says that nothing more will be sent.
  public func finishSending() {
    _ = Glibc.shutdown(file.number, Int32(SHUT_WR))
  }

  /// Makes closing an abortion (RST), as when the other machine lost its power and came back.
  public func abortOnClose() {
    var option = linger(l_onoff: 1, l_linger: 0)
    _ = unsafe setsockopt(
      file.number, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  private func check(_ call: String, _ result: Int32) throws {
    if result != 0 { throw SystemError(call: call, subject: file.path, errno: errno) }
  }

  private static func loopback(
    _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private static func local(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8.prefix(107))
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    return unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
