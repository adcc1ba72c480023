import HTTPServer
import LoadGenerator
import Platform
import Testing

@Suite struct AddressTests {
  private let router = Router([Route("GET", "/peer") { $1.send(.text($0.peer)) }])

  private func server(_ addresses: [String]) throws -> HTTPServer {
    try HTTPServer(addresses: addresses, handler: router, log: .silent)
  }

  @Test func `several addresses are served by one server`() throws {
    let server = try server(["127.0.0.1:0", "127.0.0.2:0"])
    defer { server.stop() }
    #expect(server.boundAddresses.count == 2)
    for (address, host) in zip(server.boundAddresses, ["127.0.0.1:", "127.0.0.2:"]) {
      #expect(address.hasPrefix(host) && !address.hasSuffix(":0"))
      let wire = try Wire(to: address)
      wire.send("GET /peer HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(wire.receive()?.text.hasPrefix("127.0.0.") == true)
    }
  }

  @Test(.enabled(if: (try? HTTPServer(addresses: ["[::1]:0"], handler: Router([]), log: .silent)) != nil))
  func `an IPv6 address is written in brackets`() throws {
    let server = try server(["[::1]:0"])
    defer { server.stop() }
    let address = try #require(server.boundAddresses.first)
    #expect(address.hasPrefix("[::1]:"))
    let wire = try Wire(to: address)
    wire.send("GET /peer HTTP/1.1\r\nHost: [::1]\r\n\r\n")
    #expect(wire.receive()?.text.hasPrefix("[::1]:") == true)
  }

  @Test func `a name stands for its addresses`() throws {
    let server = try server(["localhost:0"])
    defer { server.stop() }
    #expect(server.boundAddresses.contains { $0.hasPrefix("127.0.0.1:") || $0.hasPrefix("[::1]:") })
  }

  @Test(arguments: ["", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "::1", "1.2.3.4.5:0"])
  func `an address that is none is refused in words`(address: String) {
    let error = #expect(throws: HTTPServerError.self) { try server([address]) }
    #expect(error?.code == .address)
    #expect(error?.description.hasPrefix("cannot listen on \(address): ") == true)
  }

  @Test func `an address that is taken is refused in words, and nothing of the server stays`() throws {
    let first = try server(["127.0.0.1:0"])
    let address = try #require(first.boundAddresses.first)
    let error = #expect(throws: HTTPServerError.self) { try server(["127.0.0.1:0", address]) }
    #expect(error?.code == .listen)
    #expect(
      error?.description
        == "cannot listen on \(address): Address already in use; nothing is served there"
        + " (another program listens there; stop it or choose another port)")
    first.stop()
    let again = try server([address])
    again.stop()
  }

  @Test func `an address of another machine is refused in words`() {
    let error = #expect(throws: HTTPServerError.self) { try server(["192.0.2.1:0"]) }
    #expect(error?.hint == "this machine has no such address")
  }
}
