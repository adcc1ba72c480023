import Platform
import TestSupport
import Testing

@testable import handoffd

@Suite struct `handoffd export` {
  private static func chunked(_ pieces: [String], ends: Bool = true) -> String {
    let chunks = pieces.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks.joined()
      + (ends ? "0\r\n\r\n" : "")
  }

  @Test func `what comes goes on as it comes`() throws {
    let server = try ScriptedServer(answers: [Self.chunked(["{\"a\":1}\n{\"a\"", ":2}\n"])])
    defer { server.stop() }
    let outcome = handoffd(
      ["export", "events", "--url", server.url, "--to-agent", "b", "--order=asc", "--csv"], isWatched: true,
      time: ManualTime())
    #expect(outcome.code == 0)
    #expect(outcome.output == "{\"a\":1}\n{\"a\":2}\n")
    #expect(outcome.error.hasSuffix("\r\u{1B}[K2 lines, 0.0 MiB, -\n"), "\(outcome.error)")
    let head = try #require(server.requests.first).head
    #expect(head.hasPrefix("GET /v1/export?of=events&format=csv&order=asc&to_agent=b HTTP/1.1\r\n"))
  }

  @Test func `a file gets its name when it is complete`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("out.ndjson")
    let whole = try ScriptedServer(answers: [Self.chunked(["{}\n"])])
    defer { whole.stop() }
    let outcome = handoffd(["export", "--url", whole.url, "--output", path])
    #expect(outcome.code == 0 && outcome.output == "" && outcome.error == "")
    #expect(try FileDescriptor.open(path, [.read]).readToEnd(limit: 100) == Array("{}\n".utf8))
    #expect(Directory.exists(path + ".partial") == false)
  }

  @Test func `a stream that breaks off is a failure, and leaves no file that looks complete`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("out.ndjson")
    let server = try ScriptedServer { _, connection in
      _ = connection.send(Self.chunked(["{}\n"], ends: false).utf8)
      return false
    }
    defer { server.stop() }
    let outcome = handoffd(["export", "--url", server.url, "--output", path])
    #expect(outcome.code == 1)
    #expect(outcome.error.hasPrefix("handoffd: cannot export handoffs after 1 lines: \(server.url): "))
    #expect(outcome.error.hasSuffix("; what came is in \(path).partial\n"))
    #expect(!Directory.exists(path))
    #expect(Directory.exists(path + ".partial"))
  }

  @Test func `a refusal is told, not written`() throws {
    let body =
      #"{"detail":"the query cannot be understood","errors":[{"pointer":"state","message":"write one of a"}]}"#
    let server = try ScriptedServer(answers: [ScriptedServer.answer("400 Bad Request", body)])
    defer { server.stop() }
    let outcome = handoffd(["export", "--url", server.url, "--state", "x"])
    #expect(outcome.code == 2)
    #expect(outcome.output == "")
    #expect(
      outcome.error
        == "handoffd: cannot export handoffs: the query cannot be understood\n  state: write one of a\n")
  }

  @Test func `a word that names no rows is wrong usage`() {
    let outcome = handoffd(["export", "event"])
    #expect(outcome.code == 2)
    #expect(
      outcome.error.contains(
        "handoffd export knows nothing of \"event\"; did you mean handoffd export events?"))
  }
}
