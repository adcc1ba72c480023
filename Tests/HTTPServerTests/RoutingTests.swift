import LoadGenerator
import Testing

@testable import HTTPServer

@Suite struct RoutingTests {
  let bench: Bench

  init() throws { bench = try Bench() }

  @Test(arguments: [
    ("/at/a%2Fb", "a/b"), ("/at/%C3%A9", "é"), ("/at/a%20b+c", "a b+c"), ("/at/..", ".."),
    ("/at/fixed", "literal"),
    ("/at/%66ixed", "literal"), ("/query?a=1&b=+%2B&a=2", "a=1|b= +|a=2"), ("/query", ""),
  ])
  func `a path finds its route`(target: String, text: String) throws {
    #expect(try bench.answer("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")?.text == text)
  }

  @Test(arguments: [
    "/", "/at", "/at/", "/at/a/b", "/AT/a", "//at/a", "/nothing", "/at%2Fa", "/echo/", "/query/x",
  ])
  func `an unknown path is 404`(target: String) throws {
    let answer = try #require(try bench.answer("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n"))
    #expect(answer.status == 404)
    #expect(
      answer.text.hasPrefix("{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":\""))
  }

  @Test(arguments: [
    ("GET", "/echo", "POST"), ("POST", "/at/x", "GET, HEAD"), ("DELETE", "/at/fixed", "GET, HEAD"),
    ("OPTIONS", "/echo", "POST"), ("get", "/at/x", "GET, HEAD"), ("HEAD", "/echo", "POST"),
  ])
  func `a wrong method is 405 and told what would be right`(method: String, path: String, allow: String)
    throws
  {
    let wire = try bench.wire()
    wire.send("\(method) \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
    let answer = try #require(wire.receive(isHead: method == "HEAD"))
    #expect(answer.status == 405)
    #expect(answer.has("Allow: \(allow)"))
  }

  @Test func `a route may refuse by the head alone, and the connection goes on`() throws {
    let wire = try bench.wire()
    wire.send("POST /typed HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\ntext")
    #expect(wire.receive()?.status == 415)
    wire.send(
      "POST /typed HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
    #expect(wire.receive()?.text == "{}")
  }

  @Test func `every exchange is told to the observer with its route`() throws {
    let wire = try bench.wire()
    wire.send("GET /at/x HTTP/1.1\r\nHost: a\r\n\r\n")
    wire.send("POST /typed HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
    wire.send("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n")
    wire.send("GET /at/x HTTP/1.1\r\n\r\n")
    try #require(Patience.waits { bench.summaries.count == 4 })
    #expect(bench.summaries.map(\.status) == [200, 415, 404, 400])
    #expect(bench.summaries.map { $0.pattern?.template } == ["/at/{id}", "/typed", nil, nil])
    #expect(bench.summaries.map(\.bodyBytes) == [0, 1, 0, 0])
  }

  @Test func `authorization is asked after the route is known and before the route itself`() throws {
    let router = Router(
      [Route("POST", "/a", bodyLimit: 9, admit: { _ in .problem(415, "") }, handle: { $1.send(.json([])) })],
      authorize: { head, route in
        head.headers["authorization"] == nil ? .problem(401, route.pattern.template) : nil
      })
    func status(_ path: String) throws -> (Int, String?)? {
      guard
        case .refuse(let response, let pattern) = router.admit(
          RequestHead(method: "POST", target: try RequestTarget(Array(path.utf8))))
      else { return nil }
      return (response.status, pattern?.template)
    }
    #expect(try #require(try status("/a")) == (401, "/a"))
    #expect(try #require(try status("/b")) == (404, nil))
  }

  @Test func `problem details are JSON whatever is in them`() {
    let problem = Problem(
      status: 400, detail: "a \"quoted\"\n\u{1}\u{1F} text é",
      errors: [
        .init(index: 2, pointer: "/a~1b", code: "too_long", message: "at most 256 bytes"),
        .init(code: "invalid_json", message: "\\"),
      ])
    #expect(
      String(decoding: problem.rendered(), as: UTF8.self)
        == #"{"type":"about:blank","title":"Bad Request","status":400,"#
        + #""detail":"a \"quoted\"\u000a\u0001\u001f text é","errors":[{"index":2,"pointer":"/a~1b","#
        + #""code":"too_long","message":"at most 256 bytes"},{"code":"invalid_json","message":"\\"}]}"# + "\n"
    )
  }
}
