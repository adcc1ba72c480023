import Glibc
import Platform
import Synchronization

/// A listening socket, owned until it is closed.
final class ListenSocket: Sendable {
  let number: Int32
  /// Where it listens, with the port that the system chose where none was given.
  let address: String
  private let isOpen = Atomic<Bool>(true)

  private init(_ number: Int32) {
    self.number = number
    address = Self.boundAddress(of: number)
  }

  deinit { close() }

  /// Listens on every address that `text` (`host:port`, IPv6 in brackets) stands for.
  static func open(_ text: String) throws(HTTPServerError) -> [ListenSocket] {
    let (host, port) = try split(text)
    var open: [ListenSocket] = []
    var failure: HTTPServerError?
    try unsafe resolve(text, host, port) { address in
      do throws(SystemError) {
        open.append(try unsafe listen(address, text))
      } catch {
        failure = HTTPServerError(code: .listen, subject: text, cause: error.reason, hint: hint(error.errno))
      }
    }
    // `localhost` may stand for an address of a family that this machine has not.
    if open.isEmpty, let failure { throw failure }
    return open
  }

  private static func split(_ text: String) throws(HTTPServerError) -> (host: String, port: String) {
    guard let colon = text.lastIndex(of: ":"), UInt16(text[text.index(after: colon)...]) != nil else {
      throw HTTPServerError(
        code: .address, subject: text, cause: "this is no host:port",
        hint: "such as 127.0.0.1:9797 or [::1]:9797")
    }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    return (String(host), String(text[text.index(after: colon)...]))
  }

  private static func resolve(
    _ text: String, _ host: String, _ port: String, _ each: (addrinfo) -> Void
  ) throws(HTTPServerError) {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let result = unsafe getaddrinfo(host.isEmpty ? nil : host, port, &hints, &list)
    guard result == 0, unsafe list != nil else {
      throw HTTPServerError(
        code: .address, subject: text, cause: unsafe String(cString: gai_strerror(result)),
        hint: "give an address of this machine")
    }
    defer { unsafe freeaddrinfo(list) }
    var next = unsafe list
    while let entry = unsafe next {
      unsafe each(entry.pointee)
      unsafe next = entry.pointee.ai_next
    }
  }

  private static func listen(_ address: addrinfo, _ text: String) throws(SystemError) -> ListenSocket {
    let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let number = unsafe socket(address.ai_family, flags, 0)
    guard number >= 0 else { throw SystemError(call: "open", subject: "a socket for \(text)", errno: errno) }
    do throws(SystemError) {
      try unsafe listen(number, address, text)
    } catch {
      Glibc.close(number)
      throw error
    }
    return ListenSocket(number)
  }

  private static func listen(_ number: Int32, _ address: addrinfo, _ text: String) throws(SystemError) {
    // A restart must not wait for the last connections of the process before; IPv6 does not take IPv4 with it.
    set(number, SOL_SOCKET, SO_REUSEADDR)
    if unsafe address.ai_family == AF_INET6 { set(number, Int32(IPPROTO_IPV6), IPV6_V6ONLY) }
    guard unsafe bind(number, address.ai_addr, address.ai_addrlen) == 0 else {
      throw SystemError(call: "bind", subject: text, errno: errno)
    }
    guard Glibc.listen(number, SOMAXCONN) == 0 else {
      throw SystemError(call: "listen on", subject: text, errno: errno)
    }
  }

  private static func set(_ socket: Int32, _ level: Int32, _ option: Int32) {
    var on: Int32 = 1
    unsafe setsockopt(socket, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func boundAddress(of socket: Int32) -> String {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutablePointer(to: &storage) { storage in
      let address = unsafe UnsafeMutableRawPointer(storage).assumingMemoryBound(to: sockaddr.self)
      guard unsafe getsockname(socket, address, &size) == 0 else { return "" }
      return unsafe PeerAddress.text(address)
    }
  }

  private static func hint(_ errno: Int32) -> String {
    switch errno {
    case EADDRINUSE: "another program listens there; stop it or choose another port"
    case EADDRNOTAVAIL: "this machine has no such address"
    case EACCES: "ports below 1024 need a privilege"
    default: ""
    }
  }

  /// Gives the address back; connections are refused from now on.
  func close() {
    if isOpen.exchange(false, ordering: .relaxed) { Glibc.close(number) }
  }
}
