import Compression
import Platform
import TestSupport
import Testing

@Suite struct HostileTests {
  private static let good =
    #"{"type":"handoff.initiated","handoff_id":"h","event_id":"e","from_agent":"a","to_agent":"b"}"#

  /// What only a server that takes JSON apart can be hurt by.
  private static func bombs() throws -> [[UInt8]] {
    let zeros = try #require(Gzip.pack([UInt8](repeating: 0, count: 100 << 20)))
    let deep = Array(String(repeating: #"{"a":["#, count: 100_000).utf8)
    let wide = Array(("[" + String(repeating: "0,", count: 400_000) + "0]").utf8)
    let broken = Array(#"{"type":"handoff.step","handoff_id":"\#u{0}\uD800"}"#.utf8) + [0xFF, 0xC0]
    return [post(zeros, packed: true), post(Array(zeros.prefix(1_000)), packed: true)]
      + [deep, wide, broken].map { post($0) }
  }

  private static func post(_ body: [UInt8], packed: Bool = false) -> [UInt8] {
    let encoding = packed ? "Content-Encoding: gzip\r\n" : ""
    let head =
      "POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\(encoding)"
      + "Content-Length: \(body.count)\r\n\r\n"
    return Array(head.utf8) + body
  }

  private func abuse(_ sidecar: RunningSidecar, rounds: Int) throws {
    let endpoint = try sidecar.process.address()
    let openFiles = sidecar.process.openFiles
    let (abuses, bombs) = (Abuse.all(get: "/-/healthy", post: "/v1/events"), try Self.bombs())
    for _ in 0..<rounds {
      let sockets = try abuses.map { try $0.play(on: endpoint) }
      for bomb in bombs {
        let answer = try RawHTTP.answer(endpoint, bomb)
        #expect((400..<500).contains(answer.status), "\(answer.text)")
      }
      #expect(try HTTPConnection(endpoint).get("/-/healthy").status == 200)
      withExtendedLifetime(sockets) {}
    }
    // Its own connections to the database come and go.
    try eventually("an end of all abused connections", every: .milliseconds(20)) {
      sidecar.process.openFiles < openFiles + 5
    }
  }

  @Test func `a thousand hostile requests leave the sidecar serving and its memory flat`() throws {
    let sidecar = try RunningSidecar([
      "--head-timeout", "300ms", "--idle-timeout", "300ms", "--body-timeout", "1s", "--max-body", "1MiB",
      "--max-unpacked-body", "4MiB",
    ])
    try abuse(sidecar, rounds: 15)
    let before = sidecar.process.residentBytes
    try abuse(sidecar, rounds: 48)
    let after = sidecar.process.residentBytes
    print("hostile requests: resident \(before >> 10) KiB before, \(after >> 10) KiB after")
    // A sanitizer keeps what is given back, to see whether it is used again.
    if Sanitizer.current == nil { #expect(after < before + (16 << 20)) }
    #expect(sidecar.process.isRunning)
    #expect(try sidecar.send(Self.good).text == #"{"accepted":1,"duplicates":0,"rejected":[]}"#)
    #expect(try sidecar.handoff("h").object("handoff").text("state") == "initiated")
  }
}
