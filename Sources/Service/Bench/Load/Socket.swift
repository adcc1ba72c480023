import Glibc
import Platform

/// A TCP socket of a client, owned until it is closed.
final class Socket {
  private(set) var number: Int32

  /// Connects to `host:port`, which are numbers.
  init(to address: String) throws(SystemError) {
    let (host, port) = Self.split(address)
    number = Glibc.socket(
      host.contains(":") ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { throw SystemError(call: "open", subject: "a socket", errno: errno) }
    let result = host.contains(":") ? Self.connect6(number, host, port) : Self.connect4(number, host, port)
    guard result == 0 else {
      let code = errno
      close()
      throw SystemError(call: "connect to", subject: address, errno: code)
    }
    set(Int32(IPPROTO_TCP), TCP_NODELAY, Int32(1))
  }

  deinit { close() }

  func close() {
    if number >= 0 { Glibc.close(number) }
    number = -1
  }

  /// Sets an option.
  func set<Value: BitwiseCopyable>(_ level: Int32, _ option: Int32, _ value: Value) {
    var value = value
    unsafe setsockopt(number, level, option, &value, socklen_t(MemoryLayout<Value>.size))
  }

  /// Makes calls return at once where they would wait.
  func setNonBlocking() {
    var on: Int32 = 1
    _ = unsafe ioctl(number, UInt(FIONBIO), &on)
  }

  private static func split(_ address: String) -> (host: String, port: UInt16) {
    let colon = address.lastIndex(of: ":") ?? address.endIndex
    let host = address[..<colon].filter { $0 != "[" && $0 != "]" }
    return (host, UInt16(address[colon...].dropFirst()) ?? 0)
  }

  private static func connect4(_ socket: Int32, _ host: String, _ port: UInt16) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    unsafe inet_pton(AF_INET, host, &address.sin_addr)
    return unsafe withUnsafeBytes(of: &address) { unsafe connect(socket, $0) }
  }

  private static func connect6(_ socket: Int32, _ host: String, _ port: UInt16) -> Int32 {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = port.bigEndian
    unsafe inet_pton(AF_INET6, host, &address.sin6_addr)
    return unsafe withUnsafeBytes(of: &address) { unsafe connect(socket, $0) }
  }

  private static func connect(_ socket: Int32, _ address: UnsafeRawBufferPointer) -> Int32 {
    guard let start = address.baseAddress else { return -1 }
    return unsafe Glibc.connect(
      socket, start.assumingMemoryBound(to: sockaddr.self), socklen_t(address.count))
  }
}
