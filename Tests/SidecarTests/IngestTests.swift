import Compression
import Foundation
import Platform
import TestSupport
import Testing

@Suite struct IngestTests {
  @Test func `what was sent comes back as a record with its events`() throws {
    let sidecar = try RunningSidecar()
    let at = Int(Date().timeIntervalSince1970) - 9
    let answer = try sidecar.send(
      #"{"type":"handoff.completed","handoff_id":"ho/1","event_id":"c","occurred_at":\#(at + 8)}"#,
      #"{"type":"handoff.initiated","handoff_id":"ho/1","event_id":"a","occurred_at":\#(at),"task_id":"t","from_agent":"researcher","to_agent":"coder","hop":2,"envelope":{"version":"2.0","memory_refs":{"requested":20,"resolved":19,"missing":["m-1"]},"tokens":{"budget":4000,"used":3247,"trimmed":0}}}"#,
      #"{"type":"handoff.acknowledged","handoff_id":"ho/1","event_id":"b","occurred_at":\#(at + 2)}"#)
    #expect(answer.status == 200)
    #expect(answer.text == #"{"accepted":3,"duplicates":0,"rejected":[]}"#)
    let detail = try sidecar.handoff("ho%2F1", events: 3)
    let handoff = detail.object("handoff")
    #expect(handoff.text("handoff_id") == "ho/1")
    #expect(handoff.text("state") == "completed")
    #expect(handoff.number("ack_latency_seconds") == 2)
    #expect(handoff.number("duration_seconds") == 8)
    #expect(handoff.number("completeness") == 0.95)
    #expect(handoff.object("tokens").number("utilization") == 3247.0 / 4000)
    #expect(handoff.object("memory_refs")["missing"] as? [String] == ["m-1"])
    #expect(detail.objects("events").map { $0.text("event_id") } == ["a", "b", "c"])
    #expect(
      detail.objects("events").allSatisfy { $0.text("received_at") != nil && $0.text("instance") != nil })
  }

  @Test func `a resend is a duplicate, also after a restart, and other content is a conflict`() throws {
    let sidecar = try RunningSidecar()
    let event =
      #"{"type":"handoff.initiated","handoff_id":"h","event_id":"e","from_agent":"a","to_agent":"b"}"#
    #expect(try sidecar.send(event, event).text == #"{"accepted":1,"duplicates":1,"rejected":[]}"#)
    #expect(try sidecar.send(event).text == #"{"accepted":0,"duplicates":1,"rejected":[]}"#)
    #expect(sidecar.process.terminate() == 0)
    try sidecar.restart()
    #expect(try sidecar.send(event).text == #"{"accepted":0,"duplicates":1,"rejected":[]}"#)
    let other = try sidecar.send(event.replacing("\"b\"", with: "\"c\""))
    #expect(other.status == 400)
    #expect(try other.object.objects("errors").first?.text("code") == "conflict")
    #expect(try sidecar.handoff("h").object("handoff").text("to_agent") == "b")
  }

  @Test func `what is refused is counted by its sender, and too many senders share one row`() throws {
    let sidecar = try RunningSidecar(["--agent-series", "2"])
    for sender in ["a", "a", "b", "c", "d"] {
      let faulty = #"{"type":"handoff.no_such","handoff_id":"h","from_agent":"\#(sender)"}"#
      #expect(try sidecar.send(faulty).status == 400)
    }
    let family = "handoffd_ingest_malformed_total"
    #expect(try sidecar.metric(#"\#(family){from_agent="a"}"#) == 2)
    #expect(try sidecar.metric(#"\#(family){from_agent="b"}"#) == 1)
    #expect(try sidecar.metric(#"\#(family){from_agent="__other__"}"#) == 2)
  }

  @Test func `a conflict that is found only at the commit is told in the rejections`() throws {
    let first = try RunningSidecar()
    let second = try RunningSidecar(database: first.database)
    let event =
      #"{"type":"handoff.initiated","handoff_id":"h","event_id":"e","from_agent":"a","to_agent":"b"}"#
    try first.send(event)
    _ = try first.handoff("h")
    #expect(try second.send(event.replacing("\"b\"", with: "\"c\"")).status == 200)
    let found = try eventually("a rejection", within: .seconds(20), every: .milliseconds(20)) {
      try second.get("/v1/rejections").objects("rejections").first
    }
    #expect(found.text("code") == "conflict")
    #expect(found["acknowledged"] as? Bool == true)
    #expect(try first.handoff("h").object("handoff").text("to_agent") == "b")
  }

  @Test func `one bad event sinks no neighbour, and is kept masked with its reason`() throws {
    let sidecar = try RunningSidecar()
    let answer = try sidecar.send(
      #"{"type":"handoff.step","handoff_id":"h1"}"#, #"{"type":"handoff.nonsense","password":"hunter2"}"#,
      #"{"type":"handoff.step","handoff_id":"h2"}"#)
    #expect(answer.status == 200)
    let tally = try answer.object
    #expect(tally.number("accepted") == 2)
    let refused = try #require(tally.objects("rejected").first)
    #expect(refused.number("index") == 1)
    #expect(refused.text("code") == "unknown_type")
    let kept = try eventually("a rejection", within: .seconds(20), every: .milliseconds(20)) {
      try sidecar.get("/v1/rejections").objects("rejections").first
    }
    #expect(kept.text("pointer") == "/type")
    #expect(kept.text("body")?.contains("hunter2") == false)
  }

  @Test func `a request of which nothing is good is a problem with the same list`() throws {
    let sidecar = try RunningSidecar()
    let answer = try sidecar.send(#"{"type":"handoff.initiated","handoff_id":"h"}"#, type: "application/json")
    #expect(answer.status == 400)
    #expect(answer["content-type"] == "application/problem+json")
    let problem = try answer.object
    #expect(problem.objects("rejected").first?.text("code") == "missing_field")
    #expect(problem.objects("errors").count == problem.objects("rejected").count)
  }

  @Test(arguments: [
    ("POST", "/v1/events", [("Content-Type", "text/csv")], 415),
    ("POST", "/v1/events", [("Content-Type", "application/json"), ("Content-Encoding", "br")], 415),
    ("PUT", "/v1/events", [], 405), ("GET", "/v1/nothing", [], 404),
    ("GET", "/v1/handoffs?nonsense=1", [], 400),
    ("GET", "/v1/handoffs?limit=0", [], 400), ("GET", "/v1/handoffs?since=yesterday", [], 400),
    ("GET", "/v1/handoffs?cursor=abc", [], 400), ("GET", "/v1/handoffs?state=asleep", [], 400),
    ("GET", "/v1/handoffs/%00", [], 400), ("GET", "/v1/handoffs/unknown", [], 404),
    ("GET", "/v1/rejections?cursor=!", [], 400),
  ]) func `what cannot be answered is a problem with its reason`(
    method: String, target: String, headers: [(String, String)], status: Int
  ) throws {
    let sidecar = try Shared.sidecar()
    let answer = try sidecar.process.connect().send(
      method, target, headers: headers, body: method == "GET" ? nil : Array("{}".utf8))
    #expect(answer.status == status)
    #expect(answer["content-type"] == "application/problem+json")
    #expect(try answer.object.text("detail")?.isEmpty == false)
    if status == 405 { #expect(answer["allow"] == "POST") }
  }

  @Test func `lists are filtered, ordered and paged without gaps`() throws {
    let sidecar = try RunningSidecar()
    let at = Int(Date().timeIntervalSince1970) - 100
    let lines = (0..<25).map { number in
      #"{"type":"handoff.initiated","handoff_id":"h\#(number)","task_id":"t\#(number % 2)","from_agent":"a","to_agent":"b\#(number % 5)","occurred_at":\#(at + number)}"#
    }
    try sidecar.send(lines.joined(separator: "\n"))
    _ = try sidecar.handoff("h24")
    var ids: [String] = []
    var target = "/v1/handoffs?agent=a&task_id=t0&limit=4"
    while true {
      let page = try sidecar.get(target)
      ids += page.objects("handoffs").compactMap { $0.text("handoff_id") }
      #expect(page.text("as_of") != nil)
      guard let cursor = page.text("next_cursor") else { break }
      target = "/v1/handoffs?agent=a&task_id=t0&limit=4&cursor=\(cursor)"
    }
    #expect(ids == stride(from: 24, through: 0, by: -2).map { "h\($0)" })
  }

  @Test func `the largest body that is taken becomes one record of the spool, and is stored`() throws {
    let sidecar = try RunningSidecar()
    // 9,990 events of 6.6 KiB: just below both limits, unpacked several times a segment.
    let filling = String(repeating: "all that was found out so far, ", count: 126)
    let hint = String(repeating: "see the notes of the second attempt; ", count: 66)
    var text = ""
    for number in 0..<9_990 {
      text +=
        #"{"type":"handoff.attempt_failed","handoff_id":"h\#(number)","attempt":1,"error":{"class":"retryable","message":"\#(filling)","hint":"\#(hint)"},"attributes":{"n":\#(number)}}"#
      text += "\n"
    }
    #expect(text.utf8.count > 60 << 20 && text.utf8.count < 64 << 20)
    let body = try #require(Gzip.pack(Array(text.utf8), level: 1))
    let answer = try sidecar.process.connect().send(
      "POST", "/v1/events",
      headers: [("Content-Type", "application/x-ndjson"), ("Content-Encoding", "gzip")], body: body)
    #expect(answer.text == #"{"accepted":9990,"duplicates":0,"rejected":[]}"#)
    let last = try sidecar.handoff("h9989", within: .seconds(120))
    #expect(last.object("handoff").object("error").text("message") == filling)
    #expect(sidecar.process.terminate() == 0)
    try sidecar.restart()
    #expect(try sidecar.metric("handoffd_spool_corrupt_records_total") == 0)
    #expect(try sidecar.handoff("h0").objects("events").count == 1)
  }
}

/// One sidecar for tests that change nothing in it.
enum Shared {
  private static let result = Result { try RunningSidecarBox() }
  static func sidecar() throws -> RunningSidecar { try result.get().sidecar }
}

/// `@unchecked Sendable` because a sidecar that nobody restarts does not change.
private final class RunningSidecarBox: @unchecked Sendable {
  let sidecar: RunningSidecar
  init() throws { sidecar = try RunningSidecar() }
}
