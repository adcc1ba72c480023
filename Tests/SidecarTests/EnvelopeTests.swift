import Compression
import Foundation
import TestSupport
import Testing

/// Envelopes checked by a running sidecar.
@Suite struct EnvelopeTests {
  private func check(
    _ sidecar: RunningSidecar, _ text: String,
    _ headers: [(String, String)] = [("Content-Type", "application/json")],
    target: String = "/v1/envelopes/check"
  ) throws -> HTTPAnswer {
    try sidecar.process.connect().send("POST", target, headers: headers, body: Array(text.utf8))
  }

  private func codes(_ answer: HTTPAnswer, _ list: String) throws -> [String] {
    try answer.object.objects(list).compactMap { $0.text("code") }
  }

  @Test func `an envelope is checked against what the sidecar knows, and nothing is stored`() throws {
    let sidecar = try RunningSidecar()
    let at = Int(Date().timeIntervalSince1970)
    try sidecar.send(
      #"{"type":"handoff.initiated","handoff_id":"h1","event_id":"i","task_id":"t","occurred_at":\#(at - 9),"from_agent":"a","to_agent":"b","envelope":{"version":"2.0","sections":["task_context","constraints"],"constraints_hash":"x"}}"#,
      #"{"type":"handoff.acknowledged","handoff_id":"h1","event_id":"k","occurred_at":\#(at - 8)}"#,
      #"{"type":"circuit.opened","agent":"c","event_id":"o","occurred_at":\#(at)}"#)
    _ = try sidecar.handoff("h1", events: 2)
    let event = #"""
      {"type": "handoff.initiated", "handoff_id": "h2", "task_id": "t", "from_agent": "b", "to_agent": "c",
       "envelope": {"version": "2.0", "tokens": {"budget": 10, "used": 11}, "sections": ["task_context"]}}
      """#
    let answer = try eventually("the circuit", within: .seconds(20), every: .milliseconds(20)) {
      let answer = try check(sidecar, event)
      return try codes(answer, "errors").contains("target_not_ready") ? answer : nil
    }
    #expect(answer.status == 200 && answer["content-type"] == "application/json")
    let report = try answer.object
    #expect(report["valid"] as? Bool == false)
    #expect(try codes(answer, "errors") == ["target_not_ready", "budget_exceeded", "constraints_lost"])
    #expect(try codes(answer, "warnings") == Array(repeating: "missing_section", count: 4))
    #expect(report.text("upstream_handoff_id") == "h1")
    #expect(report.object("target").text("agent") == "c")
    #expect(report.object("sections")["present"] as? [String] == ["task_context"])
    #expect(report.object("tokens").number("utilization") == 1.1)
    #expect(report["unchecked"] as? [String] == [])
    let named = event.replacing(#""task_id": "t""#, with: #""parent_handoff_id": "h1""#)
    #expect(try check(sidecar, named).object.text("upstream_handoff_id") == "h1")
    #expect(try sidecar.process.connect().get("/v1/handoffs/h2").status == 404)
    #expect(try sidecar.metric("handoffd_ingest_events_total") == 3)
  }

  @Test func `with the database away everything else is checked`() throws {
    let sidecar = try RunningSidecar(url: "postgresql://127.0.0.1:1/none?connect_timeout=1")
    let answer = try check(sidecar, #"{"version": "2.0", "task_id": "t", "from_agent": "b", "hop": 13}"#)
    #expect(answer.status == 200)
    #expect(try codes(answer, "errors") == ["hop_limit"])
    #expect(try answer.object["unchecked"] as? [String] == ["constraints"])
  }

  @Test func `a packed envelope is unpacked`() throws {
    let sidecar = try Shared.sidecar()
    let filling = String(repeating: "all that was found out so far, ", count: 40_000)
    let body = try #require(
      Gzip.pack(
        Array(
          #"{"version": "2.0", "state": "\#(filling)", "checksum": "sha256:\#(String(repeating: "0", count: 64))"}"#
            .utf8)))
    let answer = try sidecar.process.connect().send(
      "POST", "/v1/envelopes/check",
      headers: [("Content-Type", "application/json; charset=utf-8"), ("Content-Encoding", "gzip")], body: body
    )
    #expect(answer.status == 200)
    #expect(try codes(answer, "errors") == ["checksum_mismatch"])
    #expect(try answer.object.object("checksum")["matches"] as? Bool == false)
  }

  @Test(arguments: [
    ("{", 400, "invalid_json", ""), ("[]", 400, "invalid_json", ""), ("", 400, "invalid_json", ""),
    (#"{"a":{"b":1,"b":2}}"#, 400, "duplicate_key", "/a/b"),
    (String(repeating: "[", count: 100), 400, "too_deep", String(repeating: "/0", count: 64)),
    (#"{"a":"\ud800"}"#, 400, "invalid_text", "/a"),
    ("[" + String(repeating: "0,", count: 250_000) + "0]", 413, "too_large", "/199999"),
  ]) func `what is no envelope is a problem with its place`(
    _ text: String, _ status: Int, _ code: String, _ pointer: String
  ) throws {
    let answer = try check(try Shared.sidecar(), text)
    #expect(answer.status == status)
    #expect(answer["content-type"] == "application/problem+json")
    let item = try #require(try answer.object.objects("errors").first)
    #expect(item.text("code") == code)
    #expect(item.text("pointer") == pointer)
  }

  @Test(arguments: [
    ("POST", "/v1/envelopes/check", [("Content-Type", "application/x-ndjson")], 415),
    ("POST", "/v1/envelopes/check", [] as [(String, String)], 415),
    ("POST", "/v1/envelopes/check", [("Content-Type", "application/json"), ("Content-Encoding", "br")], 415),
    (
      "POST", "/v1/envelopes/check", [("Content-Type", "application/json"), ("Content-Encoding", "gzip")], 400
    ),
    ("POST", "/v1/envelopes/check?x=1", [("Content-Type", "application/json")], 400),
    ("POST", "/v1/envelopes/check?dialect=latin", [("Content-Type", "application/json")], 400),
    ("PUT", "/v1/envelopes/check", [("Content-Type", "application/json")], 405),
  ]) func `what cannot be answered is a problem with its reason`(
    _ method: String, _ target: String, _ headers: [(String, String)], _ status: Int
  ) throws {
    let answer = try Shared.sidecar().process.connect().send(
      method, target, headers: headers, body: Array("{}".utf8))
    #expect(answer.status == status)
    #expect(answer["content-type"] == "application/problem+json")
  }
}
