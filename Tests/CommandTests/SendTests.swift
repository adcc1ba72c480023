import Compression
import HTTPClient
import Platform
import Synchronization
import TestSupport
import Testing

@testable import handoffd

@Suite struct `handoffd send` {
  private func taken(_ accepted: Int, _ duplicates: Int = 0, _ rejected: String = "") -> String {
    ScriptedServer.answer(
      "200 OK", "{\"accepted\":\(accepted),\"duplicates\":\(duplicates),\"rejected\":[\(rejected)]}")
  }

  private func send(_ server: ScriptedServer, _ flags: [String] = [], _ input: [String]) -> Outcome {
    handoffd(["send", "--url", server.url, "--give-up-after=1s"] + flags, input: input)
  }

  /// The summary with its time taken out.
  private func summary(_ outcome: Outcome) -> String {
    outcome.output.replacing(/in \d+\.\d s/, with: "in T")
  }

  @Test func `sends the lines in batches and sums up`() throws {
    let server = try ScriptedServer(answers: [taken(2), taken(1, 1), taken(1)])
    defer { server.stop() }
    let outcome = send(
      server, ["--batch-events", "2"], ["{\"a\":1}\n\n  \n{\"a\"", ":2}\r\n{\"a\":3}\n{\"a\":4}\n{\"a\":5}"])
    #expect(outcome.code == 0)
    #expect(outcome.error == "")
    #expect(summary(outcome) == "5 events in T: 4 accepted, 1 duplicates, 0 rejected\n")
    let bodies = server.requests.map { String(decoding: $0.body, as: UTF8.self) }
    #expect(bodies == ["{\"a\":1}\n{\"a\":2}\r\n", "{\"a\":3}\n{\"a\":4}\n", "{\"a\":5}\n"])
    #expect(server.requests.allSatisfy { $0.head.hasPrefix("POST /v1/events HTTP/1.1\r\n") })
    #expect(server.requests.allSatisfy { $0.head.contains("Content-Type: application/x-ndjson") })
  }

  @Test func `a batch ends before it has too many bytes`() throws {
    let server = try ScriptedServer(answers: [taken(1)])
    defer { server.stop() }
    let line = String(repeating: "x", count: 600) + "\n"
    let outcome = send(server, ["--batch-bytes", "1KiB"], [line, line, line])
    #expect(outcome.code == 0)
    #expect(server.requests.map(\.body.count) == [601, 601, 601])
  }

  @Test func `rejected events are told by their line and make it exit 1`() throws {
    let refused = """
      {"index":0,"code":"unknown_type","pointer":"/type","message":"no type \\"x\\u001b[31m\\""},{"index":2,"code":"invalid_json"}
      """
    let server = try ScriptedServer(answers: [
      taken(1, 0, refused),
      ScriptedServer.answer(
        "400 Bad Request",
        "{\"accepted\":0,\"duplicates\":0,\"rejected\":[{\"index\":0,\"code\":\"unknown_type\"}]}"),
    ])
    defer { server.stop() }
    let outcome = send(server, ["--batch-events=3"], ["\n1\n2\n\n3\n4\n"])
    #expect(outcome.code == 1)
    #expect(
      outcome.error == """
        line 2: unknown_type at /type: no type "x?[31m"
        line 5: invalid_json
        line 6: unknown_type

        """)
    #expect(
      summary(outcome)
        == "4 events in T: 1 accepted, 0 duplicates, 3 rejected (2 unknown_type, 1 invalid_json)\n")
  }

  @Test func `names the dialect of its messages when it is told`() throws {
    let server = try ScriptedServer(answers: [taken(1)])
    defer { server.stop() }
    #expect(send(server, ["--dialect", "agent_message"], ["{}\n"]).code == 0)
    let head = try #require(server.requests.first).head
    #expect(head.hasPrefix("POST /v1/events?dialect=agent_message HTTP/1.1\r\n"))
    let wrong = send(server, ["--dialect", "agent_mesage"], ["{}\n"])
    #expect(wrong.code == 2)
    #expect(wrong.error.contains("did you mean agent_message?"))
  }

  @Test func `packs its requests when asked to`() throws {
    let server = try ScriptedServer(answers: [taken(1)])
    defer { server.stop() }
    #expect(send(server, ["--gzip"], ["{}\n"]).code == 0)
    let request = try #require(server.requests.first)
    #expect(request.head.contains("Content-Encoding: gzip"))
    #expect(try Gzip.unpack(request.body, limit: 100) == Array("{}\n".utf8))
  }

  /// Two members, as of files that were packed by themselves and put together.
  private func packedFile(_ directory: TemporaryDirectory, missing: Int = 0) throws -> String {
    let path = directory.file("events.ndjson.gz")
    let members = try ["{\"a\":1}\n{\"a\":2}\n{\"a\"", ":3}\n{\"a\":4}\n"].map {
      try #require(Gzip.pack(Array($0.utf8)))
    }
    try FileDescriptor.open(path, [.write, .create]).write(all: Array(members.joined().dropLast(missing)))
    return path
  }

  @Test func `a packed file is unpacked and sent in batches like any other`() throws {
    let server = try ScriptedServer(answers: [taken(3), taken(1)])
    defer { server.stop() }
    let directory = try TemporaryDirectory()
    let outcome = handoffd(
      [
        "send", "--url", server.url, "--batch-events=3", try packedFile(directory),
      ], isWatched: true)
    #expect(outcome.code == 0)
    #expect(summary(outcome) == "4 events in T: 4 accepted, 0 duplicates, 0 rejected\n")
    let bodies = server.requests.map { String(decoding: $0.body, as: UTF8.self) }
    #expect(bodies == ["{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n", "{\"a\":4}\n"])
    #expect(server.requests.allSatisfy { !$0.head.contains("Content-Encoding") })
    // How much there is of a packed file nobody knows: no bar, but how far it is.
    #expect(outcome.error.contains("4 events, ") && !outcome.error.contains("%"))
  }

  @Test func `of a packed file that is cut off the whole lines are sent, and it is told`() throws {
    let server = try ScriptedServer(answers: [taken(3)])
    defer { server.stop() }
    let directory = try TemporaryDirectory()
    let path = try packedFile(directory, missing: 9)
    let outcome = handoffd(["send", "--url", server.url, path])
    #expect(outcome.code == 1)
    let reason = "it is cut off before its end; the whole lines before that were sent"
    #expect(outcome.error == "cannot unpack \(path): \(reason)\n")
    #expect(summary(outcome).hasPrefix("3 events in T: 3 accepted"))
  }

  @Test func `waits while there is no room and goes on`() throws {
    let server = try ScriptedServer(answers: [
      ScriptedServer.answer(
        "503 Service Unavailable", "{\"title\":\"spool is full\"}", headers: ["Retry-After: 0"]),
      ScriptedServer.answer("429 Too Many Requests", headers: ["Retry-After: 0"]), taken(1),
    ])
    defer { server.stop() }
    let outcome = send(server, [], ["{}\n"])
    #expect(outcome.code == 0)
    #expect(server.requests.count == 3)
    #expect(
      outcome.error.contains(
        "cannot send to \(server.url) now: it answered 503 (spool is full); trying again in"))
  }

  @Test(arguments: [
    (
      "404 Not Found", "{\"title\":\"Not Found\",\"detail\":\"no such path\"}",
      "it answered 404 (Not Found: no such path)"
    ),
    ("401 Unauthorized", "", "it answered 401"), ("301 Moved", "<html>", "it answered 301"),
    ("400 Bad Request", "{}", "it answered 400"),
    ("200 OK", "welcome", "it answered 200 with something that is not the answer of a sidecar"),
  ])
  func `what will never be taken is not tried twice`(_ status: String, _ body: String, _ reason: String)
    throws
  {
    let server = try ScriptedServer(answers: [ScriptedServer.answer(status, body)])
    defer { server.stop() }
    let outcome = send(server, ["--batch-events=1"], ["{}\n{}\n"])
    #expect(outcome.code == 1)
    #expect(server.requests.count == 1)
    #expect(outcome.error == "cannot send line 1 to \(server.url): \(reason); send again from line 1 on\n")
    #expect(summary(outcome) == "0 events in T: 0 accepted, 0 duplicates, 0 rejected\n")
  }

  @Test func `a batch that is too large is sent in parts`() throws {
    let server = try ScriptedServer { request, connection in
      let lines = request.body.split(separator: 0x0A).count
      let isHuge = request.body.starts(with: Array("huge".utf8))
      guard lines > 1 || isHuge else { return connection.send(self.taken(1).utf8) }
      return connection.send(ScriptedServer.answer("413 Content Too Large", "{\"title\":\"too large\"}").utf8)
    }
    defer { server.stop() }
    let outcome = send(server, [], ["a\nb\nhuge\nc\nd\n"])
    #expect(outcome.code == 1)
    #expect(summary(outcome) == "5 events in T: 4 accepted, 0 duplicates, 1 rejected (1 too_large)\n")
    #expect(outcome.error == "line 3: too_large: it answered 413 (too large)\n")
  }

  @Test func `gives up after the time that was asked for`() throws {
    let port = try Socket.freePort()
    let outcome = handoffd(["send", "--url=http://127.0.0.1:\(port)", "--give-up-after=0s"], input: ["{}\n"])
    #expect(outcome.code == 1)
    #expect(outcome.error.hasPrefix("cannot send line 1 to http://127.0.0.1:\(port): Failed to connect"))
  }

  @Test func `reads a file, and says when there is none`() throws {
    let server = try ScriptedServer(answers: [taken(2)])
    defer { server.stop() }
    let directory = try TemporaryDirectory()
    let path = directory.file("events.ndjson")
    let file = try FileDescriptor.open(path, [.write, .create])
    try file.write(all: Array("{}\n{}\n".utf8))
    #expect(handoffd(["send", "--url", server.url, path]).code == 0)
    let missing = handoffd(["send", "--url", server.url, directory.file("none")])
    #expect(missing.code == 1)
    #expect(missing.error.contains("No such file or directory"))
    #expect(handoffd(["send", "a", "b"]).code == 2)
  }

  @Test func `shows its progress to a person only`() throws {
    let server = try ScriptedServer(answers: [taken(1)])
    defer { server.stop() }
    let outcome = handoffd(["send", "--url", server.url], input: ["{}\n"], isWatched: true)
    #expect(outcome.error.contains("\r\u{1B}[K1 events, "))
    #expect(outcome.error.hasSuffix("\r\u{1B}[K"))
  }
}
