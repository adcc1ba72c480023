import Model
import Testing

@testable import Audit

/// What handoffs tell of the context that their task's agents share.
@Suite struct SharedContextTests {
  private func sent(_ id: String, at second: Int, told: String) -> String {
    #"{"type":"handoff.initiated","handoff_id":"\#(id)","event_id":"\#(id)i","occurred_at":\#(1_999_999_000 + second),"#
      + #""task_id":"t","from_agent":"a","to_agent":"b","shared_context":{\#(told)}}"#
  }

  private func told(_ events: String...) throws -> [ContextWrite] {
    TaskChain(try records(events.joined(separator: "\n"))).contextWrites
  }

  private func shown(_ writes: [ContextWrite]) -> [String] {
    writes.map { "\($0.link.id) \($0.faults.map(\.rawValue).joined(separator: " "))" }
  }

  @Test func `each state that differs is a write, what is passed on is none`() throws {
    let writes = try told(
      sent("h1", at: 0, told: #""version":1,"hash":"x","written_by":"lead","decisions":1"#),
      sent("h2", at: 10, told: #""version":1,"hash":"x","written_by":"lead""#),
      sent("h3", at: 20, told: #""version":2,"hash":"y","written_by":"coder","decisions":4"#),
      sent("h4", at: 30, told: #""version":2"#), sent("h5", at: 40, told: #""decisions":9"#))
    #expect(shown(writes) == ["h1 ", "h3 "])
    #expect(writes.writers == ["lead", "coder"])
    #expect(writes.current?.link.id == "h3" && writes.current?.toldAt.microseconds == 1_999_999_020_000_000)
  }

  @Test(arguments: [
    (#""version":1,"hash":"x","written_by":"lead""#, "stale"),
    (#""version":1,"hash":"z","written_by":"lead""#, "older_version"),
    (#""version":2,"hash":"z","written_by":"lead""#, "same_version"),
    (#""version":3,"based_on":1,"written_by":"lead""#, "older_base"),
    (#""version":3,"based_on":2,"written_by":"guest""#, "not_allowed"),
    (#""version":"1.9","written_by":"guest","writers":["guest"]"#, "not_allowed older_version"),
    (#""version":"draft","hash":"z","written_by":"lead""#, ""), (#""hash":"x""#, ""),
  ])
  func `what is held against a write is what agents told`(last: String, faults: String) throws {
    let writes = try told(
      sent("h1", at: 0, told: #""version":1,"hash":"x","written_by":"lead","writers":["lead","coder"]"#),
      sent("h2", at: 10, told: #""version":2,"hash":"y","written_by":"coder""#),
      sent("h3", at: 20, told: last))
    #expect(shown(writes) == ["h1 ", "h2 ", "h3 \(faults)"])
    // What was replaced before does not become what is shared, nor does who works with it become a writer.
    let isCurrent = !faults.contains("stale") && !faults.contains("older_version")
    #expect(writes.current?.link.id == (isCurrent ? "h3" : "h2"))
    if faults == "stale" { #expect(writes.writers == ["lead", "coder"]) }
  }

  @Test func `what counts is when a state was told, not when its handoff was sent`() throws {
    let writes = try told(
      sent("h1", at: 0, told: #""version":1"#), sent("h2", at: 10, told: #""version":2"#),
      #"{"type":"handoff.completed","handoff_id":"h1","event_id":"h1c","occurred_at":1999999030,"shared_context":{"version":3}}"#
    )
    #expect(shown(writes) == ["h2 ", "h1 "])
    #expect(try told(sent("h1", at: 0, told: "")).isEmpty)
  }
}
