import Glibc
import Platform

/// A listening socket on the loopback address.
struct BareListener: ~Copyable {
  let port: UInt16
  private let number: Int32

  init() throws(SystemError) {
    let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let number = socket(AF_INET, flags, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isOpen = unsafe withUnsafeMutablePointer(to: &address) { address in
      let address = unsafe UnsafeMutableRawPointer(address).assumingMemoryBound(to: sockaddr.self)
      return unsafe bind(number, address, size) == 0 && listen(number, SOMAXCONN) == 0
        && getsockname(number, address, &size) == 0
    }
    guard number >= 0, isOpen else {
      throw SystemError(call: "listen on", subject: "127.0.0.1", errno: errno)
    }
    self.number = number
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(number) }

  /// The same socket once more, for a daemon that will close it.
  func duplicate() -> Int32 { dup(number) }
}
