import Bytes
import Platform
import TestSupport
import Testing

@testable import handoffd

@Suite struct `handoffd rules preview` {
  private static let wall = WallTime(microseconds: 1_795_230_000_000_000)

  /// An event as the sidecar exports it.
  private static func line(_ time: String, _ members: String) -> String {
    let moment = "2026-11-20T\(time)Z"
    return
      "{\(members),\"event_id\":\"e\(time)\",\"occurred_at\":\"\(moment)\",\"received_at\":\"\(moment)\",\"instance\":\"one\"}\n"
  }

  private static let log =
    (1...3).map { number in
      line(
        "10:00:0\(number).000000",
        #""type":"handoff.initiated","handoff_id":"h\#(number)","from_agent":"a","to_agent":"coder""#
      )
        + line(
          "10:00:0\(number).500000",
          #""type":"handoff.failed","handoff_id":"h\#(number)","error":{"type":"timeout","message":"no answer","hint":"check \"received_at\":\"x\""}"#
        )
    }.joined()
    + line("23:59:59.000000", #""type":"circuit.opened","agent":"late""#)

  private static func answer(_ log: String) -> String {
    let half = log.utf8.count / 2
    let pieces = [String(log.utf8.prefix(half)) ?? "", String(log.utf8.dropFirst(half)) ?? ""]
    let chunks = pieces.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks.joined() + "0\r\n\r\n"
  }

  private func preview(
    _ arguments: [String] = [], answer: String = Self.answer(Self.log), columns: Int? = nil,
    isWatched: Bool = false, files: [String: String] = [:]
  ) throws -> (outcome: Outcome, requests: [ScriptedServer.Request]) {
    let server = try ScriptedServer(answers: [answer])
    defer { server.stop() }
    let outcome = handoffd(
      ["rules", "preview", "--url", server.url, "--since", "1d"] + arguments, environment: ["NO_COLOR": "1"],
      files: files, isWatched: isWatched, columns: columns, time: ManualTime(wall: Self.wall))
    return (outcome, server.requests)
  }

  @Test(arguments: [(160, "preview-160.txt"), (80, "preview-80.txt")])
  func `the table is as kept, and fits the terminal`(_ columns: Int, _ name: String) throws {
    let outcome = try preview(columns: columns).outcome
    #expect(outcome.code == 0)
    #expect(outcome.output == (try Golden.text(name, recording: outcome.output)))
    #expect(outcome.output.split(separator: "\n").allSatisfy { TextWidth.of(String($0)) <= columns })
    #expect(!outcome.output.contains("\u{1B}"))
  }

  @Test(arguments: [([], "preview.ndjson"), (["--csv"], "preview.csv")])
  func `the lines for programs are as kept`(_ flags: [String], _ name: String) throws {
    let outcome = try preview(flags).outcome
    #expect(outcome.code == 0)
    #expect(outcome.output == (try Golden.text(name, recording: outcome.output)))
    #expect(
      outcome.error
        == "Not tried, because the record does not say: HandoffdStoreLagging, HandoffdSpoolFilling.\n")
  }

  @Test func `json is one array of the same rows`() throws {
    let rows = try preview(["--json"]).outcome.output
    let lines = try preview().outcome.output.split(separator: "\n").count
    #expect(JSONValue(Array(rows.utf8))?.elements.count == lines)
  }

  @Test func `the log is asked for from an hour before`() throws {
    let head = try #require(try preview(["--until", "2026-11-21"]).requests.first).head
    #expect(
      head.hasPrefix(
        "GET /v1/export?of=log&since=2026-11-20T02%3A00%3A00.000000Z&until=2026-11-21T00%3A00%3A00.000000Z HTTP"
      ))
  }

  @Test func `progress is for who watches, and the rules are those of the file`() throws {
    let rules = "rules: [{alert: Mine, signal: circuit.open, by: [to_agent], severity: critical}]"
    let outcome = try preview(["--rules", "mine.yaml"], isWatched: true, files: ["mine.yaml": rules]).outcome
    #expect(outcome.code == 0)
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.hasPrefix(#"{"alert":"Mine","#) })
    #expect(outcome.error.contains("\r\u{1B}[K[#########"))
    #expect(outcome.error.hasSuffix("\r\u{1B}[K7 events replayed; 2 alerts would have fired.\n"))
  }

  @Test func `a rule's condition chooses among the handoffs`() throws {
    let rules = """
      rules:
        - alert: Mine
          signal: failure.event
          where: {field: handoff_id, operator: in, value: [h2, h9]}
      """
    let outcome = try preview(["--rules", "mine.yaml"], files: ["mine.yaml": rules]).outcome
    let rows = outcome.output.split(separator: "\n")
    #expect(rows.count == 1 && rows[0].contains("2026-11-20T10:00:02.5"), "\(outcome.output)")
  }

  @Test func `the list is bounded, and nothing says so`() throws {
    let cut = try preview(["--limit", "1"]).outcome
    #expect(cut.output.split(separator: "\n").count == 1)
    #expect(cut.error.contains("more would have fired; --limit 1 cut the list.\n"))
    let nothing = try preview(answer: Self.answer("")).outcome
    #expect(nothing.code == 0 && nothing.output == "")
    #expect(try preview(answer: Self.answer(""), columns: 80).outcome.output == "Nothing would have fired.\n")
  }

  @Test func `what cannot be read is counted, and a stream that breaks off is a failure`() throws {
    let strange = try preview(answer: Self.answer("{}\nnonsense\n" + Self.log)).outcome
    #expect(strange.code == 0)
    #expect(strange.error.contains("2 events could not be read and were passed over.\n"))
    let broken = try preview(
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\nConnection: close\r\n\r\n" + Self.log, columns: 80)
    #expect(broken.outcome.code == 1 && broken.outcome.output == "")
    #expect(broken.outcome.error.contains("cannot preview rules: http://127.0.0.1"))
    let refused = try preview(
      answer: ScriptedServer.answer("503 Away", #"{"detail":"the database does not answer"}"#)
    ).outcome
    #expect(refused.code == 1)
    #expect(refused.error == "handoffd: cannot preview rules: the database does not answer\n")
  }

  @Test(arguments: [
    ([], "handoffd rules takes preview", 2),
    (["preveiw"], "handoffd rules knows nothing of \"preveiw\"; did you mean handoffd rules preview?", 2),
    (["preview", "--since", "1h", "--until", "2h"], "--until is not after --since", 2),
    (["preview", "--json", "--csv"], "an answer has one format", 2),
    (["preview", "--rules", "bad.yaml"], "bad.yaml:1:20: ", 1),
    (["preview", "--rules", "none.yaml"], "cannot read none.yaml: No such file", 1),
  ])
  func `what makes no sense is said before anything is asked`(
    _ arguments: [String], _ words: String, _ code: Int32
  ) {
    let outcome = handoffd(
      ["rules"] + arguments, files: ["bad.yaml": "rules: [{alert: A, signl: circuit.open}]"])
    #expect(outcome.code == code)
    #expect(outcome.output == "")
    #expect(outcome.error.contains(words), "\(outcome.error)")
  }
}
