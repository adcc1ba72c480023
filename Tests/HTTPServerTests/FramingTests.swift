import HTTPServer
import LoadGenerator
import Testing

/// What must never be taken for a request: each has once let one server see another request than the one before it.
private let malformed: [(name: String, head: String, status: Int)] = [
  (
    "both lengths",
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400
  ),
  (
    "both, the other way",
    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400
  ),
  (
    "a repeated length",
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\nabcde", 400
  ),
  (
    "the same length twice",
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nabcde", 400
  ),
  (
    "a length in other case",
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\ncontent-LENGTH: 6\r\n\r\nabcde", 400
  ),
  ("identity", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", 400),
  (
    "chunked and more",
    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400
  ),
  (
    "gzip, chunked", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    400
  ),
  ("xchunked", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
  (
    "chunked and a blank", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked \r\n\r\n0\r\n\r\n",
    400
  ),
  (
    "chunked and a vertical tab",
    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\u{B}\r\n\r\n0\r\n\r\n", 400
  ),
  ("an empty encoding", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n", 400),
  (
    "a repeated encoding",
    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    400
  ),
  (
    "an encoding in HTTP/1.0",
    "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400
  ),
  ("no host", "GET /at/x HTTP/1.1\r\n\r\n", 400),
  ("two hosts", "GET /at/x HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
  ("a host with a path", "GET /at/x HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
  ("a host with a user", "GET /at/x HTTP/1.1\r\nHost: u@a\r\n\r\n", 400),
  ("a host with a blank", "GET /at/x HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
  ("a list of hosts", "GET /at/x HTTP/1.1\r\nHost: a, b\r\n\r\n", 400),
  ("a blank before the colon", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nabcde", 400),
  ("a tab before the colon", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length\t: 5\r\n\r\nabcde", 400),
  ("a blank in a name", "GET /at/x HTTP/1.1\r\nHost: a\r\nX Y: 1\r\n\r\n", 400),
  ("a control character in a name", "GET /at/x HTTP/1.1\r\nHost: a\r\nX\u{1}Y: 1\r\n\r\n", 400),
  ("a name that is not ASCII", "GET /at/x HTTP/1.1\r\nHost: a\r\nXé: 1\r\n\r\n", 400),
  ("an empty name", "GET /at/x HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n", 400),
  ("a blank before the first name", "GET /at/x HTTP/1.1\r\n Host: a\r\nHost: b\r\n\r\n", 400),
  ("a folded line", "GET /at/x HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n", 400),
  ("a folded line at the end", "GET /at/x HTTP/1.1\r\nX: 1\r\nHost: a\r\n\tb\r\n\r\n", 400),
  ("a folded name", "POST /echo HTTP/1.1\r\nHost: a\r\nContent\r\n -Length: 5\r\n\r\nabcde", 0),
  ("a NUL in a value", "GET /at/x HTTP/1.1\r\nHost: a\r\nX: 1\u{0}2\r\nY: 3\r\n\r\n", 400),
  ("a NUL in the last value", "GET /at/x HTTP/1.1\r\nX: 3\r\nHost: a\u{0}b\r\n\r\n", 400),
  ("a NUL in a length", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\u{0}6\r\n\r\nabcde", 400),
  ("a NUL in a name", "GET /at/x HTTP/1.1\r\nHost: a\r\nX\u{0}: 1\r\n\r\n", 0),
  ("a control character in a value", "GET /at/x HTTP/1.1\r\nHost: a\r\nX: 1\u{1}2\r\n\r\n", 400),
  ("a line feed alone", "GET /at/x HTTP/1.1\r\nHost: a\r\nX: 1\nY: 2\r\n\r\n", 400),
  ("line feeds alone", "GET /at/x HTTP/1.1\nHost: a\n\n", 400),
  ("a carriage return alone", "GET /at/x HTTP/1.1\r\nHost: a\r\nX: 1\rY: 2\r\n\r\n", 400),
  ("a NUL in the target", "GET /at/x\u{0}/../y HTTP/1.1\r\nHost: a\r\n\r\n", 400),
  ("an encoded NUL in the target", "GET /at/x%00/../y HTTP/1.1\r\nHost: a\r\n\r\n", 400),
  ("a blank in the target", "GET /at/x y HTTP/1.1\r\nHost: a\r\n\r\n", 400),
  ("a tab in the target", "GET /at/x\ty HTTP/1.1\r\nHost: a\r\n\r\n", 400),
  ("a fragment in the target", "GET /at/x#y HTTP/1.1\r\nHost: a\r\n\r\n", 400),
  ("two blanks before the target", "GET  /at/x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
  ("two blanks after the target", "GET /at/x  HTTP/1.1\r\nHost: a\r\n\r\n", 400),
  ("a blank after the version", "GET /at/x HTTP/1.1 \r\nHost: a\r\n\r\n", 0),
  ("a target without a slash", "GET at/x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
  ("an empty target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 0),
  ("a method alone", "GET\r\nHost: a\r\n\r\n", 0),
  ("a method with a parenthesis", "GE(T /at/x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
  ("a method with a NUL", "GE\u{0}T /at/x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
  ("a method that is not ASCII", "GÉT /at/x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
  ("no method", " /at/x HTTP/1.1\r\nHost: a\r\n\r\n", 0),
  ("a version from the future", "GET /at/x HTTP/2.0\r\nHost: a\r\n\r\n", 0),
  ("a version in small letters", "GET /at/x http/1.1\r\nHost: a\r\n\r\n", 0),
  ("a version that is none", "GET /at/x HTTP/1.1x\r\nHost: a\r\n\r\n", 0),
  ("no version", "GET /at/x\r\nHost: a\r\n\r\n", 0),
  (
    "two content types",
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nContent-Type: c/d\r\nContent-Length: 0\r\n\r\n",
    400
  ),
  (
    "two authorizations", "GET /at/x HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n", 400
  ),
  (
    "another expectation", "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\nContent-Length: 1\r\n\r\nx",
    417
  ),
  ("a length with a sign", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nabcde", 0),
  ("a negative length", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nabcde", 0),
  ("a list of lengths", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nabcde", 0),
  ("a length in hexadecimal", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nabcde", 0),
  ("a length and a blank", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5 \r\n\r\nabcde", 0),
  ("an empty length", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nabcde", 0),
  (
    "a length beyond all bounds",
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nabcde", 0
  ),
]

@Suite struct FramingTests {
  let bench: Bench

  init() throws { bench = try Bench() }

  /// Status 0: the library closes by itself, with its own answer or none.
  @Test(arguments: malformed)
  func `a malformed head ends the connection and reaches no handler`(name: String, head: String, status: Int)
    throws
  {
    let wire = try bench.wire()
    wire.send(head + "GET /at/smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
    let answer = wire.receive()
    if status > 0 {
      #expect(answer?.status == status, "\(name)")
      #expect(answer?.has("Connection: close") == true, "\(name)")
      #expect(answer?.has("Content-Type: application/problem+json") == true, "\(name)")
      #expect(wire.receive() == nil, "\(name)")
    }
    #expect(wire.drain() != .timedOut, "\(name)")
    #expect(!wire.rest.contains("smuggled"), "\(name)")
    #expect(answer?.text.contains("smuggled") != true, "\(name)")
    #expect(bench.server.statistics.handled == 0, "\(name)")
  }

  @Test(arguments: [
    ("no host in HTTP/1.0", "GET /at/x HTTP/1.0\r\n\r\n"),
    (
      "an encoding in other case",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
    ),
    ("blanks around values", "GET /at/x HTTP/1.1\r\nHost: \t a \t\r\nX:\t1\r\nY:2\r\nZ:\r\n\r\n"),
    ("a host with a port", "GET /at/x HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"),
    ("an empty host", "GET /at/x HTTP/1.1\r\nHost:\r\n\r\n"),
    ("a whole URI", "GET http://a/at/x HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a query", "GET /at/x?a=b&c=%20 HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("many fields", "GET /at/x HTTP/1.1\r\nHost: a\r\n\((0..<90).map { "X-\($0): \($0)\r\n" }.joined())\r\n"),
    ("a cookie", "GET /at/x HTTP/1.1\r\nCookie: a=b; c=\"d\"\r\nHost: a\r\n\r\n"),
    ("a large field", "GET /at/x HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "y", count: 30_000))\r\n\r\n"),
    ("bytes above ASCII in a value", "GET /at/x HTTP/1.1\r\nX: é\r\nHost: a\r\n\r\n"),
  ])
  func `an unusual head is served`(name: String, head: String) throws {
    let wire = try bench.wire()
    wire.send(head)
    #expect(wire.receive()?.text == "x", "\(name)")
  }

  @Test func `a head may come byte by byte`() throws {
    let wire = try bench.wire()
    for round in 0..<2 {
      for byte in "POST /echo?a=b HTTP/1.1\r\nHost: a\r\nX-Long: \(round)\r\nContent-Length: 2\r\n\r\nhi".utf8
      {
        wire.send([byte])
      }
      #expect(wire.receive()?.text == "hi")
    }
  }

  @Test func `a head may come in any two pieces, and after another request`() throws {
    let head =
      "POST /echo?a=b HTTP/1.1\r\nHost: abc\r\nX: \(String(repeating: "x", count: 3_000))\r\nContent-Length: 2\r\n\r\nhi"
    let bytes = Array(head.utf8)
    let wire = try bench.wire()
    for cut in stride(from: 1, to: bytes.count, by: 37) {
      wire.send(Array("GET /at/x HTTP/1.1\r\nHost: a\r\n\r\n".utf8) + bytes[..<cut])
      #expect(wire.receive()?.text == "x")
      wire.send(Array(bytes[cut...]))
      #expect(wire.receive()?.text == "hi")
    }
  }
}
