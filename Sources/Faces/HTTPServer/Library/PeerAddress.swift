import CMicrohttpd
import Glibc

/// Addresses as text.
enum PeerAddress {
  /// `address:port`, IPv6 in brackets; empty for what is neither.
  static func text(_ address: UnsafePointer<sockaddr>?) -> String {
    guard let address = unsafe address else { return "" }
    switch Int32(unsafe address.pointee.sa_family) {
    case AF_INET:
      return unsafe text(address, size: MemoryLayout<sockaddr_in>.size, isBracketed: false)
    case AF_INET6:
      return unsafe text(address, size: MemoryLayout<sockaddr_in6>.size, isBracketed: true)
    default: return ""
    }
  }

  private static func text(_ address: UnsafePointer<sockaddr>, size: Int, isBracketed: Bool) -> String {
    var host = [CChar](repeating: 0, count: 64)
    var port = [CChar](repeating: 0, count: 8)
    let result = unsafe getnameinfo(
      address, socklen_t(size), &host, socklen_t(host.count), &port, socklen_t(port.count),
      NI_NUMERICHOST | NI_NUMERICSERV)
    guard result == 0 else { return "" }
    let name = string(host)
    return isBracketed ? "[\(name)]:\(string(port))" : "\(name):\(string(port))"
  }

  private static func string(_ text: [CChar]) -> String {
    String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
