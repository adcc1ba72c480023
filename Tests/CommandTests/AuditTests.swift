import Bytes
import Platform
import TestSupport
import Testing

@testable import handoffd

@Suite struct `handoffd audit` {
  /// A sidecar that knows the kept answers.
  private func server() throws -> ScriptedServer {
    try ScriptedServer { request, connection in
      let target = request.head.split(separator: " ")[1]
      guard let body = AuditTexts.answer(String(target)) else {
        let problem = #"{"title":"Not Found","status":404,"detail":"no handoff of this id is known"}"#
        return connection.send(ScriptedServer.answer("404 Not Found", problem).utf8)
      }
      return connection.send(ScriptedServer.answer("200 OK", body).utf8)
    }
  }

  private func audit(
    _ server: ScriptedServer, _ arguments: [String], columns: Int? = nil, environment: [String: String] = [:]
  ) -> Outcome {
    handoffd(
      ["audit", "--url", server.url] + arguments, environment: environment, columns: columns,
      time: ManualTime(wall: WallTime(microseconds: 1_795_230_000_000_000)))
  }

  private static let questions = [
    ["handoffs"], ["handoff", "ho_2"], ["task", "t/1"], ["conversation", "c-1"], ["agents"],
    ["agent", "coder"],
    ["active"], ["dead-letters"], ["alerts"], ["summary"],
  ]

  @Test(arguments: questions)
  func `the tables are as kept, and fit the terminal`(_ question: [String]) throws {
    let server = try server()
    defer { server.stop() }
    let wide = audit(server, question, columns: 160, environment: ["NO_COLOR": "1"])
    let narrow = audit(server, question, columns: 80, environment: ["NO_COLOR": "1"])
    #expect(wide.code == 0 && wide.error == "")
    for (outcome, columns) in [(wide, 160), (narrow, 80)] {
      let name = "audit-\(question[0])-\(columns).txt"
      #expect(outcome.output == (try Golden.text(name, recording: outcome.output)))
      #expect(outcome.output.split(separator: "\n").allSatisfy { TextWidth.of(String($0)) <= columns })
      #expect(!outcome.output.unicodeScalars.contains { Self.acts($0) })
    }
  }

  @Test(arguments: questions)
  func `the lines for programs are as kept`(_ question: [String]) throws {
    let server = try server()
    defer { server.stop() }
    let piped = audit(server, question)
    #expect(piped.code == 0 && piped.error == "")
    #expect(piped.output == (try Golden.text("audit-\(question[0]).ndjson", recording: piped.output)))
    let lines = piped.output.split(separator: "\n").map { Array($0.utf8) }
    #expect(lines.allSatisfy { JSONValue($0) != nil })
    let csv = audit(server, question + ["--csv"])
    #expect(csv.output == (try Golden.text("audit-\(question[0]).csv", recording: csv.output)))
    let json = JSONValue(Array(audit(server, question + ["--json"]).output.utf8))
    #expect(json?.elements.isEmpty == false ? json?.elements.count == lines.count : lines.count == 1)
  }

  @Test(arguments: [
    ["handoffs"], ["handoffs", "--json"], ["handoffs", "--csv"], ["handoffs", "--ndjson"], ["task", "t/1"],
  ])
  func `nothing that a client named acts on the terminal`(_ question: [String]) throws {
    let server = try server()
    defer { server.stop() }
    let outcome = audit(server, question, columns: 300, environment: ["NO_COLOR": "1"])
    #expect(!outcome.output.unicodeScalars.contains { Self.acts($0) && $0 != "\r" })
    let coloured = audit(server, question, columns: 300).output.replacing(/\u{1B}\[[0-9]+m/, with: "")
    #expect(coloured == outcome.output)
  }

  @Test func `colour is for terminals that want it`() throws {
    let server = try server()
    defer { server.stop() }
    let arguments = ["handoffs", "--table"]
    #expect(audit(server, arguments, columns: 100).output.contains("\u{1B}[32mcompleted"))
    for environment in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
      #expect(!audit(server, arguments, columns: 100, environment: environment).output.contains("\u{1B}"))
    }
    #expect(!audit(server, arguments).output.contains("\u{1B}"))
  }

  @Test func `filters become parameters, and times ago become moments`() throws {
    let server = try server()
    defer { server.stop() }
    let flags = [
      "--to-agent", "a/b & c", "--state=failed", "--since", "2h", "--until", "2026-11-21", "--inferred",
      "false",
      "--min-ack-latency", "1.5", "--order", "asc", "--limit", "7",
    ]
    #expect(audit(server, ["handoffs"] + flags).code == 0)
    let head = try #require(server.requests.first).head
    let target =
      "/v1/handoffs?to_agent=a%2Fb%20%26%20c&state=failed&inferred=false&since=2026-11-21T01%3A00%3A00.000000Z"
      + "&until=2026-11-21T00%3A00%3A00Z&min_ack_latency=1.5&order=asc&limit=7"
    #expect(head.hasPrefix("GET \(target) HTTP/1.1\r\n"), "\(head)")
  }

  @Test func `pages are followed by their cursors up to the limit, empty ones too`() throws {
    let pages = [
      #"{"handoffs":[{"a":1},{"a":2}],"next_cursor":"x/y"}"#, #"{"handoffs":[],"next_cursor":"y"}"#,
      #"{"handoffs":[{"a":3},{"a":4}],"next_cursor":"z"}"#,
    ]
    let server = try ScriptedServer(answers: pages.map { ScriptedServer.answer("200 OK", $0) })
    defer { server.stop() }
    let outcome = audit(server, ["handoffs", "--limit", "3"])
    #expect(outcome.output == "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n")
    #expect(outcome.error == "There are more; --limit 3 cut the list.\n")
    let cursors = ["limit=3 ", "limit=1&cursor=x%2Fy ", "limit=1&cursor=y "]
    #expect(server.requests.count == 3)
    for (request, cursor) in zip(server.requests, cursors) { #expect(request.head.contains(cursor)) }
  }

  @Test func `what was done about a handoff is told with it`() throws {
    let handoff = AuditTexts.handoff("ho_7", #""state":"failed""#)
      .replacing(#""escalation":null"#, with: #""escalation":{"depth":1,"to":"boss","ticket":7}"#)
      .replacing(#""rollback":null"#, with: #""rollback":{"steps":[{"action":"a"},{"action":"b"}]}"#)
      .replacing(
        #""validation":null"#,
        with:
          #""validation":{"valid":false,"results":[{"rule":"r1","passed":false},{"rule":"r2","passed":true}]}"#
      )
    let body =
      #"{"handoff":\#(handoff),"events":[],"lineage":{},"broadcast":{"group_id":"g","receivers":3,"known":2,"acknowledged":1}}"#
    let server = try ScriptedServer(answers: [ScriptedServer.answer("200 OK", body)])
    defer { server.stop() }
    let lines = audit(server, ["handoff", "ho_7"], columns: 100, environment: ["NO_COLOR": "1"]).output
      .split(separator: "\n").map {
        $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
      }
    for line in [
      "escalated to boss", "validation failed, r1", "rolled back 2 steps",
      "broadcast 1 of 3 receivers acknowledged",
    ] { #expect(lines.contains(line), "\(line): \(lines)") }
  }

  @Test func `somebody who watches sees how far a long list is, and then no more of it`() throws {
    let pages = [
      #"{"handoffs":[{"a":1},{"a":2}],"next_cursor":"x"}"#, #"{"handoffs":[{"a":3}],"next_cursor":null}"#,
    ]
    let server = try ScriptedServer(answers: pages.map { ScriptedServer.answer("200 OK", $0) })
    defer { server.stop() }
    let outcome = handoffd(
      ["audit", "--url", server.url, "handoffs", "--limit", "5000"], isWatched: true, time: ManualTime())
    #expect(outcome.output == "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n")
    #expect(outcome.error == "\r\u{1B}[K2 of up to 5000\r\u{1B}[K")
  }

  @Test func `a sidecar that leads round in a circle is left`() throws {
    let page = ScriptedServer.answer("200 OK", #"{"handoffs":[{"a":1}],"next_cursor":"x"}"#)
    let server = try ScriptedServer(answers: [page])
    defer { server.stop() }
    #expect(audit(server, ["handoffs"]).output == "{\"a\":1}\n{\"a\":1}\n")
  }

  @Test func `an empty list says so to people, and nothing to programs`() throws {
    let server = try ScriptedServer(answers: [
      ScriptedServer.answer("200 OK", #"{"handoffs":[],"next_cursor":null}"#)
    ])
    defer { server.stop() }
    #expect(
      audit(server, ["handoffs", "--state", "failed"], columns: 80).output
        == "There are no handoffs that match.\n")
    #expect(audit(server, ["handoffs"], columns: 80).output == "There are no handoffs.\n")
    #expect(audit(server, ["handoffs"]).output == "")
    #expect(audit(server, ["handoffs", "--json"]).output == "[\n]\n")
  }

  private static func acts(_ scalar: Unicode.Scalar) -> Bool {
    scalar != "\n" && (scalar.value < 32 || (127..<160).contains(scalar.value) || scalar == "\u{202E}")
  }
}

@Suite struct `What audit says when it fails` {
  private func audit(_ answer: String, _ arguments: [String] = ["handoff", "x\u{1B}"]) throws -> Outcome {
    let server = try ScriptedServer(answers: [answer])
    defer { server.stop() }
    return handoffd(["audit", "--url", server.url] + arguments)
  }

  @Test func `a problem is told in the sidecar's words`() throws {
    let missing = try audit(
      ScriptedServer.answer(
        "404 Not Found", #"{"title":"Not Found","detail":"no handoff of\u001b this id is known"}"#))
    #expect(missing.code == 1)
    #expect(missing.error == "handoffd: cannot show handoff \"x?\": no handoff of? this id is known\n")
    let away = try audit(
      ScriptedServer.answer(
        "503 Service Unavailable", #"{"title":"x","detail":"the database does not answer"}"#,
        headers: ["Retry-After: 5"]), ["summary"])
    #expect(away.code == 1)
    #expect(away.error == "handoffd: cannot show summary: the database does not answer; try again in 5s\n")
  }

  @Test func `a value that cannot be is wrong usage, with every reason`() throws {
    let body =
      #"{"detail":"the query cannot be understood","errors":[{"pointer":"state","code":"c","message":"write one of a, b"}]}"#
    let outcome = try audit(ScriptedServer.answer("400 Bad Request", body), ["handoffs", "--state", "x"])
    #expect(outcome.code == 2)
    #expect(
      outcome.error
        == "handoffd: cannot show handoffs: the query cannot be understood\n  state: write one of a, b\n")
  }

  @Test(arguments: ["<html>", "[]", "{}", "{\"handoffs\":1}"])
  func `an answer of somebody else is not shown`(_ body: String) throws {
    let outcome = try audit(ScriptedServer.answer("200 OK", body), ["handoffs"])
    #expect(outcome.code == 1)
    #expect(outcome.output == "")
    #expect(outcome.error.contains("what answers there is no sidecar"))
  }

  @Test func `a refused connection says what to start`() throws {
    let server = try ScriptedServer(answers: [""])
    server.stop()
    let outcome = handoffd(["audit", "--url", server.url, "agents"])
    #expect(outcome.code == 1)
    #expect(outcome.error.hasPrefix("handoffd: cannot show agents: no sidecar answers at \(server.url) ("))
    #expect(outcome.error.hasSuffix("; start one with handoffd serve, or say with --url where it listens\n"))
  }

  @Test(arguments: [
    ([], "handoffd audit takes one of handoffs, handoff, task"),
    (["handof"], "handoffd audit knows nothing of \"handof\"; did you mean handoffd audit handoff?"),
    (["task"], "handoffd audit task takes an id, as in handoffd audit task ID"),
    (["handoffs", "ho_1"], "handoffd audit handoffs takes no id; did you mean handoffd audit handoff ho_1?"),
    (["summary", "x"], "handoffd audit summary takes no id\n"),
    (["agents", "--state", "failed"], "handoffd audit agents takes no --state"),
    (["handoffs", "--json", "--csv"], "an answer has one format"),
    (["handoffs", "--since", "yesterday"], "it is not a moment; write a duration such as 2h"),
    (["handoffs", "--min-completeness", "2"], "it is not a number from 0 to 1"),
    (["a", "b", "c"], "handoffd audit takes at most 2 words without a flag"),
  ])
  func `a question that makes no sense exits 2`(_ arguments: [String], _ words: String) {
    let outcome = handoffd(["audit"] + arguments)
    #expect(outcome.code == 2)
    #expect(outcome.output == "")
    #expect(outcome.error.contains(words), "\(outcome.error)")
  }

  @Test func `what the environment says of other subjects hinders nothing`() {
    let outcome = handoffd(
      ["audit", "agents"], environment: ["HANDOFFD_STATE": "failed", "HANDOFFD_URL": "http://127.0.0.1:1"])
    #expect(outcome.code == 1)
  }
}
