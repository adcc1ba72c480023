// The oracle: producers keep an id only after a 200, everything around them breaks, and in the end the database
// holds what they kept, each once, and the records that follow from it.
import Platform
import TestSupport
import Testing

@Suite(.serialized) struct OracleTests {
  @Test func `what was acknowledged is stored exactly once, whatever happens`() throws {
    let random = SeededRandom(for: "the oracle")
    let oracle = try Oracle(random)
    try oracle.breakEverything()
    try oracle.settle()
    try oracle.checkAFreshEvent()
    let (judgement, state) = try oracle.judge()
    let counts = oracle.ledger.counts
    oracle.tell(judgement)

    #expect(judgement.lost == [])
    #expect(judgement.doubled == [])
    #expect(judgement.foreign == [])
    #expect(judgement.wrongRecords == [])
    #expect(state.setAside == 0)
    #expect(state.spools == 2)
    #expect(state.identities == state.events.count { $0.identity.kind != "handoff" })
    #expect(oracle.ledger.surprises == [])

    for fault in Fault.allCases { #expect(oracle.rounds[fault, default: 0] >= fault.rounds, "\(fault)") }
    if Sanitizer.current != nil { return }
    #expect(oracle.rounds.values.reduce(0, +) >= 200)
    #expect(judgement.stored > 5_000)
    #expect(judgement.records > 1_000)
    #expect(counts.lost > 5)
    #expect(counts.refused >= 3)
    #expect(counts.retried > 200)
    #expect(counts.moved > 50)
    #expect(counts.repeated > 200)
    #expect(counts.knownAlready > 50)
    #expect(oracle.duplicatesAtCommit > 0)
  }
}
