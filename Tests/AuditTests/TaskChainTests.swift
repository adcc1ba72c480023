import Model
import Testing

@testable import Audit

@Suite struct TaskChainTests {
  @Test func `a tenth lost with each of four handoffs leaves 0.656`() throws {
    let agents = ["a", "b", "c", "d", "e"]
    let chain = TaskChain(
      try records(
        hop("h1", agents[0], agents[1], at: 0, requested: 10, resolved: 9),
        hop("h2", agents[1], agents[2], at: 10, requested: 10, resolved: 9),
        hop("h3", agents[2], agents[3], at: 20, requested: 10, resolved: 9),
        hop("h4", agents[3], agents[4], at: 30, requested: 10, resolved: 9)))
    #expect(chain.links.map(\.id) == ["h1", "h2", "h3", "h4"])
    #expect(chain.links.map(\.hop) == [1, 2, 3, 4])
    #expect(chain.links.map(\.previous) == [nil, "h1", "h2", "h3"])
    #expect(abs((chain.contextRetained ?? 0) - 0.6561) < 1e-12)
    #expect(chain.firstLoss?.id == "h1")
    #expect(chain.owner == "e")
    #expect(chain.agents == agents)
    #expect(chain.depth == 4)
    #expect(chain.loops.isEmpty)
  }

  @Test func `the same edge twice is a loop, there and back is none`() throws {
    let back = TaskChain(try records(hop("h1", "a", "b", at: 0), hop("h2", "b", "a", at: 10)))
    #expect(back.loops.isEmpty && back.owner == "a")
    let twice = TaskChain(
      try records(
        hop("h1", "a", "b", at: 0), hop("h2", "b", "a", at: 10), hop("h3", "a", "b", at: 20),
        hop("h4", "b", "a", at: 30)))
    #expect(
      twice.loops == [
        ChainLoop(from: "a", to: "b", handoffs: ["h1", "h3"]),
        ChainLoop(from: "b", to: "a", handoffs: ["h2", "h4"]),
      ])
    #expect(twice.links.map(\.isLoop) == [false, false, true, true])
  }

  @Test func `two branches from one agent each have their own depth and loss`() throws {
    let chain = TaskChain(
      try records(
        hop("h1", "a", "b", at: 0, requested: 10, resolved: 10),
        hop("h2", "b", "c", at: 10, requested: 10, resolved: 5),
        hop("h3", "b", "d", at: 11, requested: 4, resolved: 4)))
    #expect(chain.links.map(\.hop) == [1, 2, 2])
    #expect(chain.links.map(\.contextRetained) == [1, 0.5, 1])
    #expect(chain.firstLoss?.id == "h2")
  }

  @Test func `what was not delivered is no step of the way`() throws {
    let lost =
      #"{"type":"handoff.initiated","handoff_id":"x","event_id":"xi","occurred_at":1999999005,"task_id":"t","from_agent":"b","to_agent":"z"}"#
    let chain = TaskChain(try records(hop("h1", "a", "b", at: 0), lost, hop("h2", "z", "c", at: 20)))
    #expect(chain.links.map(\.id) == ["h1", "x", "h2"])
    #expect(chain.links.map(\.hop) == [1, 2, 1])
    #expect(chain.owner == "c")
  }

  @Test func `constraints that are gone downstream are found`() throws {
    let all = #","sections":["task_context","constraints"],"constraints_hash":"c1""#
    let none = #","sections":["task_context"]"#
    let other = #","sections":["task_context","constraints"],"constraints_hash":"c2""#
    let chain = TaskChain(
      try records(
        hop("h1", "a", "b", at: 0, all), hop("h2", "b", "c", at: 10, all), hop("h3", "c", "d", at: 20, none),
        hop("h4", "b", "e", at: 30, other), hop("h5", "b", "f", at: 40), hop("h6", "f", "g", at: 50, none)))
    // What says nothing of its envelope passes on what bound it.
    #expect(chain.links.map(\.constraintsLost) == [nil, nil, .section, .hash, nil, .section])
  }

  @Test func `a task without handoffs has no owner`() {
    let chain = TaskChain([])
    #expect(chain.owner == nil && chain.depth == 0 && chain.contextRetained == nil && chain.state == nil)
  }
}

@Suite struct FailureChainTests {
  private func event(_ type: String, _ id: String, at second: Int, _ more: String = "") -> String {
    #"{"type":"handoff.\#(type)","handoff_id":"\#(id)","event_id":"\#(id)\#(type)","occurred_at":\#(1_999_999_000 + second)\#(more)}"#
  }

  private func told(_ failures: [ChainFailure]) -> [String] {
    failures.map { "\($0.link.id) \($0.decision?.name ?? "open") \($0.decidedBy ?? "-")" }
  }

  @Test func `an event of its own, another handoff or the end of the task decides`() throws {
    let chain = TaskChain(
      try records(
        hop("own", "lead", "a", at: 0), event("failed", "own", at: 10), event("escalated", "own", at: 12),
        hop("again", "lead", "b", at: 1), event("failed", "again", at: 11),
        hop("other", "lead", "c", at: 2), event("failed", "other", at: 13),
        hop("late", "lead", "d", at: 3), event("failed", "late", at: 14), hop("retried", "lead", "b", at: 20),
        hop("own-work", "c", "x", at: 21)))
    #expect(
      told(chain.failures()) == [
        "own escalate own", "again retry retried", "other open -", "late reroute own-work",
      ])
    let end = Timestamp(microseconds: 1_999_999_030_000_000)
    #expect(told(chain.failures(endedAt: end))[2] == "other abort -")
    #expect(chain.failures(endedAt: Timestamp(microseconds: 0)).count { $0.decision == nil } == 1)
  }

  @Test func `a task stands where what happened puts it`() throws {
    func status(_ type: String, _ end: EventType? = nil) throws -> TaskStatus {
      TaskChain(try records(hop("h", "a", "b", at: 0), event(type, "h", at: 5))).status(endedAs: end)
    }
    #expect(TaskChain([]).status(endedAs: .taskCreated) == .pending)
    #expect(TaskChain(try records(hop("h", "a", "b", at: 0))).status(endedAs: nil) == .inProgress)
    #expect(try status("rerouted") == .handedOff && status("completed") == .completed)
    #expect(try status("failed") == .failed && status("parked") == .pending)
    #expect(try status("completed", .taskFailed) == .failed && status("failed", .taskCompleted) == .completed)
  }

  @Test func `state that was sent first and comes last is older than what is there`() throws {
    let state = #","checksum":"sha256:00""#
    let late = hop("old", "a", "b", at: 0, state).replacing("1999999001}", with: "1999999050}")
    let chain = TaskChain(
      try records(late, hop("new", "a", "b", at: 10, state), hop("else", "a", "c", at: 11, state)))
    #expect(chain.stateConflicts.map { "\($0.link.id) \($0.newer)" } == ["old new"])
  }
}

@Suite struct HeldResourceTests {
  @Test(arguments: [
    (#"{"lock": ["a", "b"], "gpu": "g"}"#, ["lock a", "lock b", "gpu g"]),
    (#"{"lock": {"id": "a"}, "db": {"type": "table", "mode": "w"}, "n": 7}"#, ["lock a", "table db", "n 7"]),
    (
      #"[["lock", ["a"]], {"type": "file", "ids": ["x", "y"]}, "z"]"#,
      ["lock a", "file x", "file y", "resource z"]
    ),
    (#"[{"kind": "file", "name": "x"}, null, {}, []]"#, ["file x"]), ("{}", []), ("7", []),
  ])
  func `resources are read however they are kept`(json: String, expected: [String]) throws {
    let event =
      #"{"type":"handoff.initiated","handoff_id":"h","event_id":"e","occurred_at":1999999000,"from_agent":"a","to_agent":"b","resources":\#(json)}"#
    let record = try #require(records(event).first).record
    #expect(HeldResource.named(by: record).map { "\($0.kind) \($0.id)" } == expected)
    #expect(record.holder.agent == "a")
  }
}

@Suite struct DeadLetterTests {
  private func letter(_ types: String...) throws -> DeadLetter? {
    let lines = types.enumerated().map { place, type in
      #"{"type":"handoff.\#(type)","handoff_id":"h","event_id":"e\#(place)","occurred_at":\#(1_999_999_000 + place),"from_agent":"a","to_agent":"b"}"#
    }
    return try DeadLetter(#require(records(lines.joined(separator: "\n")).first).record)
  }

  @Test func `its status follows what happened since it was parked`() throws {
    #expect(try letter("initiated", "failed") == nil)
    #expect(try letter("initiated", "parked")?.status == .pending)
    #expect(try letter("initiated", "parked", "replayed")?.status == .pending)
    #expect(try letter("initiated", "parked", "replayed", "failed")?.status == .unhandled)
    #expect(try letter("initiated", "parked", "replayed", "parked")?.status == .unhandled)
    #expect(try letter("initiated", "parked", "replayed", "acknowledged")?.status == .handled)
    #expect(try letter("initiated", "parked", "replayed", "completed")?.status == .handled)
    #expect(try letter("initiated", "parked", "resolved")?.status == .handled)
    #expect(try letter("initiated", "acknowledged", "failed", "parked")?.status == .pending)
  }
}
