import Wording

/// An address and port to listen on.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
  /// The address.
  public var address: IPAddress
  /// The port; 0 lets the system choose one.
  public var port: UInt16

  /// Makes one from its parts.
  public init(_ address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// The address where a sidecar listens when nothing is said.
  public static let standard = ListenAddress(.v4(0x7F00_0001), port: 9797)

  /// The address without brackets and port.
  public var host: String { address.description }

  /// `host:port`, an IPv6 address in brackets.
  public var description: String {
    if case .v6 = address { "[\(host)]:\(port)" } else { "\(host):\(port)" }
  }

  static func read(_ text: String) throws(ValueFault) -> ListenAddress {
    let hint = "write an address and a port, such as 127.0.0.1:9797, [::1]:9797 or localhost:0"
    guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") else {
      throw ValueFault("it has no port", hint: hint)
    }
    let port = text[text.index(after: colon)...]
    guard !port.isEmpty, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(port)
    else {
      throw ValueFault("its port is not a number from 0 to 65535", hint: hint)
    }
    return ListenAddress(try readHost(text[..<colon], hint), port: number)
  }

  private static func readHost(_ host: Substring, _ hint: String) throws(ValueFault) -> IPAddress {
    if host == "localhost" { return ListenAddress.standard.address }
    if host.hasPrefix("["), host.hasSuffix("]") {
      if let address = IPAddress(host.dropFirst().dropLast()), case .v6 = address { return address }
    } else if let address = IPAddress(host) {
      guard case .v6 = address else { return address }
      throw ValueFault("an IPv6 address stands in brackets", hint: "write [\(address)]:9797")
    }
    guard !host.isEmpty, host != "*" else {
      throw ValueFault(
        "it names no address", hint: "write 127.0.0.1:9797, or 0.0.0.0:9797 for every IPv4 interface")
    }
    throw ValueFault("its host is not an IP address", hint: hint)
  }
}

extension ValueForm where Value == ListenAddress {
  /// An address and a port.
  static var listenAddress: ValueForm {
    ValueForm(
      placeholder: "HOST:PORT", grammar: "IP address or `localhost`, and port",
      read: ListenAddress.read, show: \.description)
  }
}
