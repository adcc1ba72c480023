import Bytes
import Model
import TestSupport
import Testing

@testable import Envelopes

@Suite struct EnvelopeEdgeTests {
  /// Words that mean something somewhere, and values of every kind.
  private static let names = [
    "type", "handoff_id", "from_agent", "to_agent", "envelope", "version", "state", "data", "checksum",
    "sections",
    "tokens", "used", "budget", "memory_refs", "requested", "resolved", "hop", "deadline", "expires_at",
    "escalation",
    "depth", "payload", "kind", "action", "task_id", "context", "metadata", "steps", "coordination_id",
    "status",
    "handoffId", "sourceAgent", "handoffChain", "deadlines", "envelope_version", "target_agent",
    "source_agent",
    "execution_history", "rollbackPlan", "success", "agentId", "accepted", "token",
  ]
  private static let words = [
    "handoff.initiated", "handoff.failed", "completed", "failed", "FAILED", "2.0", "", "2026-11-21T03:00:00",
    "sha256:00", "state_transfer", "circuit_opened", "rejected", "é\u{0}", "a",
  ]

  private func value(_ depth: Int, _ random: inout SeededRandom) -> JSONValue {
    switch Int.random(in: 0..<(depth > 3 ? 5 : 8), using: &random) {
    case 0: return .null
    case 1: return .boolean(.random(using: &random))
    case 2:
      return .number(JSONNumber([-1, 0, 1, 13, 1_795_230_000, Int.max].randomElement(using: &random) ?? 0))
    case 3, 4: return .text(Self.words.randomElement(using: &random) ?? "")
    case 5: return .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth + 1, &random) })
    default:
      var object = JSONObject()
      for _ in 0..<Int.random(in: 0...10, using: &random) {
        object[Self.names.randomElement(using: &random) ?? ""] = value(depth + 1, &random)
      }
      return .object(object)
    }
  }

  @Test func `whatever is sent, the check neither traps nor points into nothing`() {
    var random = SeededRandom(for: "whatever is sent")
    var forms: Set<String> = []
    for _ in 0..<4_000 {
      let sent = value(0, &random)
      guard let subject = EnvelopeSubject(sent) else { continue }
      let report = subject.check(Circumstances(now: Sample.now))
      forms.insert(report.form)
      #expect((0...1).contains(report.score) && (0...1).contains(report.sectionsRatio))
      for finding in report.findings {
        #expect(finding.pointer.isEmpty || finding.pointer.hasPrefix("/"), "\(finding) of \(sent)")
        #expect(!finding.message.isEmpty && !finding.code.isEmpty)
      }
      #expect(subject.check(Circumstances(now: Sample.now)).findings == report.findings)
    }
    #expect(forms.count == 7)
  }

  @Test func `a checksum over the canonical state matches however the state is written`() throws {
    let shuffled = Sample.event.replacing(
      #"{"b": [1.0, "é"], "a": null}"#, with: #"{ "a":null,"b":[ 1e0,"\u00e9" ] }"#)
    #expect(try Sample.findings(shuffled) == [])
  }

  @Test func `many secrets are listed up to a bound`() throws {
    let members = (0..<100).map { #""k\#($0)_token": "abc""# }.joined(separator: ",")
    #expect(try Sample.findings("{\"version\":1,\(members)}").count { $0.contains(" secret ") } == 20)
  }
}
