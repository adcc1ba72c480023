import HTTPClient
import Platform
import TestSupport
import Testing

@Suite struct `A request to another server` {
  @Test func `carries method, path, header fields and body, and brings back the answer`() throws {
    let server = try ScriptedServer(answers: [
      ScriptedServer.answer("202 Accepted", "{\"ok\":true}", headers: ["X-Some:  thing ", "Retry-After: 7"])
    ])
    defer { server.stop() }
    var request = HTTPRequest("POST", server.url + "/v1/events?x=1")
    request.headers = [("Content-Type", "application/x-ndjson"), ("X-Empty", "")]
    request.body = Array("{}\n".utf8)
    let answer = try HTTPClient(agent: "handoffd/test").exchange(request)

    #expect(answer.status == 202)
    #expect(String(decoding: answer.body, as: UTF8.self) == "{\"ok\":true}")
    #expect(answer.header("x-some") == "thing")
    #expect(answer.retryAfter == .seconds(7))
    let seen = try #require(server.requests.first)
    let lines = seen.head.split(separator: "\r\n")
    #expect(lines.first == "POST /v1/events?x=1 HTTP/1.1")
    #expect(lines.contains("Content-Type: application/x-ndjson"))
    #expect(lines.contains("User-Agent: handoffd/test"))
    #expect(lines.contains("X-Empty:"))
    #expect(lines.contains("Content-Length: 3"))
    #expect(!seen.head.contains("Expect"))
    #expect(seen.body == Array("{}\n".utf8))
  }

  @Test func `keeps its connection for the next one`() throws {
    let connections = Connections()
    let server = try ScriptedServer { _, connection in
      connections.note(connection)
      return connection.send(ScriptedServer.answer("200 OK", "x").utf8)
    }
    defer { server.stop() }
    let client = HTTPClient(agent: "t")
    for _ in 0..<3 { _ = try client.exchange(HTTPRequest("GET", server.url)) }
    #expect(server.requests.count == 3)
    #expect(connections.count == 1)
  }

  @Test func `does not follow a redirect`() throws {
    let server = try ScriptedServer(answers: [
      ScriptedServer.answer("307 Temporary Redirect", headers: ["Location: http://127.0.0.1:1/"])
    ])
    defer { server.stop() }
    var request = HTTPRequest("POST", server.url)
    request.headers = [("Authorization", "Bearer x")]
    #expect(try HTTPClient(agent: "t").exchange(request).status == 307)
    #expect(server.requests.count == 1)
  }

  @Test func `takes an interim answer for what it is`() throws {
    let server = try ScriptedServer(answers: [
      "HTTP/1.1 103 Early Hints\r\nA: interim\r\n\r\n"
        + ScriptedServer.answer("200 OK", headers: ["A: final"])
    ])
    defer { server.stop() }
    let answer = try HTTPClient(agent: "t").exchange(HTTPRequest("GET", server.url))
    #expect(answer.status == 200)
    #expect(answer.headers.filter { $0.name == "a" }.map(\.value) == ["final"])
  }

  @Test func `a server that trickles ends at the deadline`() throws {
    let server = try ScriptedServer { _, connection in
      guard connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".utf8) else { return false }
      for _ in 0..<100 {
        guard connection.send([0x78]) else { return false }
        pause(.milliseconds(50))
      }
      return false
    }
    defer { server.stop() }
    var request = HTTPRequest("GET", server.url)
    request.timeout = .milliseconds(300)
    let start = SystemTime().now()
    let error = #expect(throws: HTTPClientError.self) { try HTTPClient(agent: "t").exchange(request) }
    #expect(error?.code == .timeout)
    #expect(error?.mayPass == true)
    #expect(SystemTime().now() - start < .seconds(3))
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + String(repeating: "x", count: 5000),
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n" + String(repeating: "x", count: 5000)
      + "\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\n" + String(repeating: "A: \(String(repeating: "b", count: 1000))\r\n", count: 80)
      + "\r\n",
  ])
  func `an answer that is too large is not taken`(_ answer: String) throws {
    let server = try ScriptedServer(answers: [answer])
    defer { server.stop() }
    var request = HTTPRequest("GET", server.url)
    request.largestAnswer = 4096
    let error = #expect(throws: HTTPClientError.self) { try HTTPClient(agent: "t").exchange(request) }
    #expect(error?.code == .tooLarge)
    #expect(error?.mayPass == false)
  }

  @Test(arguments: [
    ("", HTTPClientError.Code.interrupted),
    ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .interrupted),
    ("SSH-2.0-OpenSSH_9\r\n", .interrupted),
  ])
  func `a connection that ends early is no answer`(_ bytes: String, _ code: HTTPClientError.Code) throws {
    let server = try ScriptedServer { _, connection in
      connection.send(bytes.utf8)
      return false
    }
    defer { server.stop() }
    let error = #expect(throws: HTTPClientError.self) {
      try HTTPClient(agent: "t").exchange(HTTPRequest("GET", server.url))
    }
    #expect(error?.code == code)
  }

  @Test func `nobody there and nothing to ask are told apart`() throws {
    let client = HTTPClient(agent: "t")
    let port = try Socket.freePort()
    let urls: [(String, HTTPClientError.Code)] = [
      ("http://127.0.0.1:\(port)/", .connect), ("ftp://127.0.0.1/", .invalidRequest),
      ("file:///etc/passwd", .invalidRequest), ("http://", .invalidRequest), ("http://a b/", .invalidRequest),
      ("http://127.0.0.1/\r\nX: y", .invalidRequest),
    ]
    for (url, code) in urls {
      let error = #expect(throws: HTTPClientError.self, "\(url)") {
        try client.exchange(HTTPRequest("GET", url))
      }
      #expect(error?.code == code, "\(url)")
    }
  }

  @Test func `a name that nobody knows may be known later`() {
    // A resolver without a network may take its time to say so.
    var request = HTTPRequest("GET", "http://name.invalid/")
    request.timeout = .seconds(1)
    let error = #expect(throws: HTTPClientError.self) { try HTTPClient(agent: "t").exchange(request) }
    #expect(error.map { [.resolve, .timeout].contains($0.code) } == true)
    #expect(error?.mayPass == true)
  }

  @Test(arguments: [("X-A", "b\r\nX-C: d"), ("X A", "b"), ("", "b"), ("X:A", "b"), ("X-A", "\u{0}")])
  func `a header field that would forge another is refused`(_ name: String, _ value: String) {
    var request = HTTPRequest("GET", "http://127.0.0.1:1/")
    request.headers = [(name, value)]
    let error = #expect(throws: HTTPClientError.self) { try HTTPClient(agent: "t").exchange(request) }
    #expect(error?.code == .invalidRequest)
  }

  @Test func `an error names the server without user, path and query`() throws {
    let port = try Socket.freePort()
    let error = #expect(throws: HTTPClientError.self) {
      try HTTPClient(agent: "t").exchange(
        HTTPRequest("GET", "http://u:hunter2@127.0.0.1:\(port)/hooks/hunter2?k=hunter2"))
    }
    #expect(error?.subject == "http://127.0.0.1:\(port)")
    #expect(error.map { !$0.description.contains("hunter2") } == true)
  }
}
