import Foundation
import Platform
import TestSupport
import Testing

/// `handoffd audit` and `handoffd export`, as programs, against a running sidecar.
@Suite struct QuestionTests {
  private let now = Int(Date().timeIntervalSince1970)

  private func run(_ sidecar: RunningSidecar, _ arguments: [String]) throws -> Command.Outcome {
    guard case .port(let port) = try sidecar.process.address() else { throw TestFailure("no port") }
    return try Command(
      try BuiltProducts.program(), arguments + ["--url", "http://127.0.0.1:\(port)"],
      environment: BuiltProducts.environment(["PATH": "/usr/bin:/bin"], [:]), workingDirectory: "/"
    ).run(until: SystemTime().now() + .seconds(30))
  }

  private func hop(_ id: String, _ from: String, _ to: String, ago: Int, resolved: Int) -> String {
    #"{"type":"handoff.initiated","handoff_id":"\#(id)","event_id":"i","occurred_at":\#(now - ago),"task_id":"t/1","conversation_id":"c","from_agent":"\#(from)","to_agent":"\#(to)","envelope":{"memory_refs":{"requested":10,"resolved":\#(resolved),"missing":["m"]}}}"#
      + "\n"
      + #"{"type":"handoff.acknowledged","handoff_id":"\#(id)","event_id":"a","occurred_at":\#(now - ago + 1)}"#
  }

  @Test func `every subject is answered by a real sidecar, in every form`() throws {
    let sidecar = try RunningSidecar()
    try sidecar.send(
      hop("h1", "planner", "coder", ago: 80, resolved: 10),
      hop("h2", "coder", "tester", ago: 60, resolved: 9),
      #"{"type":"handoff.initiated","handoff_id":"h 3/\u001b","event_id":"i","from_agent":"a","to_agent":"b"}"#
        .replacing("\\u001b", with: "é"),
      #"{"type":"handoff.initiated","handoff_id":"p","event_id":"i","from_agent":"a","to_agent":"b"}"#,
      #"{"type":"handoff.parked","handoff_id":"p","event_id":"p","park_reason":"poison"}"#)
    _ = try sidecar.handoff("p", events: 2)
    let questions = [
      ["handoffs"], ["handoff", "h1"], ["handoff", "h 3/é"], ["task", "t/1"], ["conversation", "c"],
      ["agents"],
      ["agent", "coder"], ["active"], ["dead-letters"], ["alerts"], ["summary"],
    ]
    for question in questions {
      for form in ["--table", "--json", "--ndjson", "--csv"] {
        let outcome = try run(sidecar, ["audit"] + question + [form])
        #expect(outcome.code == 0, "\(question) \(form): \(outcome.output)")
        #expect(!outcome.output.isEmpty || question == ["alerts"], "\(question) \(form)")
      }
    }
    let task = try run(sidecar, ["audit", "task", "t/1", "--table"]).output
    #expect(task.contains("└─ coder → tester"), "\(task)")
    #expect(task.contains("lost here: 1 of 10"), "\(task)")
    #expect(
      try run(sidecar, ["audit", "handoffs", "--to-agent", "tester", "--since", "1h"]).output.contains("h2"))
    #expect(try run(sidecar, ["audit", "handoffs", "--until", "1h"]).output == "")
    #expect(try run(sidecar, ["audit", "handoff", "none"]).code == 1)
    #expect(try run(sidecar, ["audit", "handoffs", "--state", "nonsense"]).code == 2)
  }

  @Test func `an export holds every row once, over many pages`() throws {
    let sidecar = try RunningSidecar()
    let count = 1_700
    for start in stride(from: 0, to: count, by: 200) {
      let lines = (start..<min(start + 200, count)).map { number in
        #"{"type":"handoff.initiated","handoff_id":"x\#(number)","event_id":"i","occurred_at":\#(now - 100),"from_agent":"a","to_agent":"b\#(number % 2)"}"#
          + "\n"
          + #"{ "type":"handoff.acknowledged", "handoff_id":"x\#(number)","event_id":"a","occurred_at":\#(now - 90)}"#
      }
      try sidecar.send(lines.joined(separator: "\n"))
    }
    try eventually("all of them", within: .seconds(30), every: .milliseconds(50)) {
      try sidecar.process.connect().get("/v1/export").text.split(separator: "\n").count {
        $0.contains("acknowledged\"")
      }
        == count
    }
    let connection = try sidecar.process.connect()
    let handoffs = try connection.get("/v1/export")
    #expect(handoffs["content-type"] == "application/x-ndjson")
    let rows = try handoffs.text.split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(Set(rows.compactMap { $0.text("handoff_id") }) == Set((0..<count).map { "x\($0)" }))
    #expect(rows.count == count)
    let some = try connection.get("/v1/export?to_agent=b1&format=csv&order=asc")
    let lines = some.text.split(separator: "\r\n")
    #expect(lines.count == 1 + count / 2)
    #expect(lines.first?.hasPrefix("handoff_id,task_id,") == true)
    #expect(lines.dropFirst().allSatisfy { $0.contains(",acknowledged,") && $0.contains(",a,b1,") })
    let events = try connection.get("/v1/export?of=events").text.split(separator: "\n")
    #expect(events.count == 2 * count)
    #expect(Set(events).count == 2 * count)
    let table = try connection.get("/v1/export?of=events&format=csv&to_agent=b0")
    #expect(table.text.split(separator: "\r\n").count == 1 + count)
    #expect(try connection.get("/v1/export?state=nonsense").status == 400)
    #expect(try connection.get("/v1/export?limit=1").status == 400)
    #expect(try connection.get("/v1/export?to_agent=nobody").text == "")

    let path = sidecar.directory.file("out.csv")
    let outcome = try run(
      sidecar, ["export", "--csv", "--order", "asc", "--to-agent", "b1", "--output", path])
    #expect(outcome.code == 0, "\(outcome.output)")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == some.text)
    let audit = try run(
      sidecar, ["audit", "handoffs", "--csv", "--order=asc", "--to-agent=b1", "--limit", "5000"])
    #expect(audit.output == some.text)
  }
}
