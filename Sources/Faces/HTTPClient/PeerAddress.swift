internal import CCurl
internal import Glibc

/// The address of a peer, as bytes.
struct PeerAddress {
  /// Four bytes, or sixteen.
  let bytes: [UInt8]

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The address in a socket address; no bytes for any but IP.
  @unsafe init(_ address: UnsafeMutablePointer<sockaddr>, _ length: Int) {
    let raw = unsafe [UInt8](UnsafeRawBufferPointer(start: address, count: max(0, min(length, 28))))
    switch unsafe Int32(address.pointee.sa_family) {
    case AF_INET where raw.count >= 8: bytes = Array(raw[4..<8])
    case AF_INET6 where raw.count >= 24: bytes = Array(raw[8..<24])
    default: bytes = []
    }
  }

  /// Link-local, or one of the addresses where clouds keep what an instance may know of itself.
  var isLinkLocal: Bool {
    guard bytes.count == 16 else { return Self.isLinkLocal(bytes[...]) }
    if bytes[0] == 0xfe, bytes[1] & 0xc0 == 0x80 { return true }
    // Amazon's over IPv6.
    if bytes == [0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54] { return true }
    let isMapped =
      bytes[..<10].allSatisfy { $0 == 0 } && (bytes[10..<12] == [0xff, 0xff] || bytes[10..<12] == [0, 0])
    let isTranslated = bytes[..<4] == [0x00, 0x64, 0xff, 0x9b]
    return (isMapped || isTranslated) && Self.isLinkLocal(bytes[12...])
  }

  private static func isLinkLocal(_ four: ArraySlice<UInt8>) -> Bool {
    let four = Array(four)
    guard four.count == 4 else { return true }
    // Alibaba's and Oracle's lie elsewhere.
    return four[..<2] == [169, 254] || four == [100, 100, 100, 200] || four == [192, 0, 0, 192]
  }
}
