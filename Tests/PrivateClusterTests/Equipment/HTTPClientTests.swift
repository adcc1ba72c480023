import Platform
import TestSupport
import Testing

/// The tests' own client against canned answers.
@Suite struct HTTPClientTests {
  /// A server that answers each piece it reads with the next of `answers`, and then closes.
  private func server(_ answers: [String]) throws -> Endpoint {
    let listener = try Socket.listen()
    let lane = try Lane(name: "canned") {
      guard let client = listener.accept() else { return }
      for answer in answers {
        guard let request = client.receive(), !request.isEmpty else { return }
        client.send(answer.utf8)
      }
      client.finishSending()
    }
    _ = lane
    return .port(try listener.port())
  }

  @Test func `answers of every framing are read off one connection`() throws {
    let connection = try HTTPConnection(
      server([
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-Name: value\r\n\r\nabc",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n4;x\r\npe!!\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nto the end",
      ]))
    let first = try connection.get("/")
    #expect(first.status == 200 && first.text == "abc" && first["x-name"] == "value")
    let second = try connection.post("/", "{}")
    #expect(second.status == 404 && second.text == "nope!!")
    #expect(try connection.get("/").body.isEmpty)
    #expect(try connection.send("HEAD", "/").body.isEmpty)
    #expect(try connection.get("/").text == "to the end")
  }

  @Test func `an answer that is cut short is an error`() throws {
    let connection = try HTTPConnection(server(["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"]))
    #expect(throws: TestFailure.self) { try connection.get("/") }
  }

  @Test func `an answer that does not come is an error in time`() throws {
    let connection = try HTTPConnection(server([""]))
    #expect(throws: TestFailure.self) { try connection.get("/", within: .milliseconds(100)) }
  }

  @Test func `raw bytes are sent as they are`() throws {
    let endpoint = try server(["HTTP/1.1 400 Bad Request\r\n\r\n"])
    let answer = try RawHTTP.exchange(endpoint, "nonsense\r\n".utf8)
    #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 400"))
  }
}
