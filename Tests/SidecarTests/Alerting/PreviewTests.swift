import Foundation
import Platform
import TestSupport
import Testing

/// `handoffd rules preview`, as a program, against the record of a sidecar that has judged the same events live.
@Suite(.timeLimit(.minutes(15 * Sanitizer.slowness)))
struct PreviewTests {
  private func send(_ sidecar: RunningSidecar) throws {
    for number in 1...3 {
      try sidecar.send(
        #"{"type":"handoff.initiated","handoff_id":"h\#(number)","event_id":"i","from_agent":"a","to_agent":"coder"}"#,
        #"{"type":"handoff.failed","handoff_id":"h\#(number)","event_id":"f","error":{"type":"timeout","message":"no answer"}}"#
      )
    }
    // A broadcast stands in the record once for each receiver.
    try sidecar.send(
      #"{"type":"handoff.initiated","handoff_id":"all","from_agent":"a","receivers":["r1","r2","r3"],"event_id":"all"}"#
    )
    try sidecar.send(#"{"type":"circuit.opened","agent":"other","event_id":"c"}"#)
    try sidecar.send(#"{"type":"circuit.closed","agent":"other","event_id":"d"}"#)
  }

  private func log(_ sidecar: RunningSidecar) throws -> [String] {
    try sidecar.process.connect().get("/v1/export?of=log").text.split(separator: "\n").map(String.init)
  }

  @Test func `it lists what the sidecar itself fired`() throws {
    // What is not acknowledged is not overdue before this is over, however long it takes.
    let patience = ["--acknowledgement-timeout", "10m"]
    let sidecar = try RunningSidecar(patience)
    try send(sidecar)
    try eventually("the log", within: .seconds(30)) { try log(sidecar).count == 11 }
    let fired = try eventually("the history", within: .seconds(30)) { () -> Set<String>? in
      let transitions = try sidecar.get("/v1/alerts/history").objects("transitions")
      let fired = Set(transitions.filter { $0.text("state") == "firing" }.map(Pager.name(of:)))
      return fired.count >= 4 ? fired : nil
    }
    let outcome = try BuiltProducts.run(
      ["rules", "preview", "--since", "1h", "--url", "http://\(sidecar.process.address())"] + patience)
    #expect(outcome.code == 0, "\(outcome.output)")
    let rows = outcome.output.split(separator: "\n").compactMap { line in
      try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    }
    #expect(Set(rows.map(Pager.name(of:))) == fired)
    let circuit = try #require(rows.first { Pager.name(of: $0) == "HandoffCircuitOpen coder" })
    #expect(circuit.number("value") == 1 && circuit["resolved_at"] is NSNull)
    #expect(circuit["events"] as? [String] == ["f"])
    #expect(rows.first { Pager.name(of: $0) == "HandoffCircuitOpen other" }?["resolved_at"] is String)
  }

  @Test func `the log holds everything in its order, and takes only a time`() throws {
    let sidecar = try RunningSidecar()
    try send(sidecar)
    try eventually("the log", within: .seconds(30)) { try log(sidecar).count == 11 }
    let ids = try log(sidecar).map { line in
      (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?.text("event_id") ?? "-"
    }
    #expect(ids == ["i", "f", "i", "f", "i", "f", "all", "all", "all", "c", "d"])
    let connection = try sidecar.process.connect()
    #expect(try connection.get("/v1/export?of=log&since=2100-01-01T00:00:00Z").text == "")
    #expect(try connection.get("/v1/export?of=log&agent=a").status == 400)
    let table = try connection.get("/v1/export?of=log&format=csv").text.split(separator: "\r\n")
    #expect(table.count == 12 && table.last?.hasPrefix(",d,circuit.closed,") == true)
  }
}
