import Bytes
import Model
import Testing

@testable import Envelopes

@Suite struct EnvelopeCheckTests {
  @Test func `a good event has no findings and the full score`() throws {
    let report = try Sample.subject(Sample.event).check(Circumstances(now: Sample.now))
    #expect(report.findings == [])
    #expect(report.isValid && report.score == 1)
    #expect(report.form == "event")
    #expect(report.sections.count == 5 && report.missingSections.isEmpty && report.sectionsRatio == 1)
    #expect(report.utilization == 3247.0 / 4000 && report.completeness == 1)
    #expect(report.isChecksumRight == true && report.checksumForm == "canonical")
    #expect(report.computedChecksum == "sha256:\(Sample.canonical)")
    #expect(report.headroom == 60 && report.hop == 2)
  }

  /// A change to the good event, and what is found.
  @Test(arguments: [
    (#""handoff_id": "ho_1", "#, "", ["error missing_field /handoff_id"]),
    (#""from_agent": "a", "#, "", ["error missing_field /from_agent"]),
    (
      #""from_agent": "a", "to_agent": "b", "#, "",
      ["error missing_field /from_agent", "error missing_field /to_agent"]
    ),
    (#""to_agent": "b""#, #""receivers": ["b", "c"]"#, []),
    (#""type": "handoff.initiated""#, #""type": "handoff.begun""#, ["error unknown_type /type"]),
    (#""hop": 2"#, #""hop": "two""#, ["error invalid_type /hop"]),
    (#""hop": 2"#, #""hop": 9"#, ["warning hop_limit /hop"]),
    (#""hop": 2"#, #""hop": 8"#, []),
    (#""hop": 2"#, #""hop": 12"#, ["warning hop_limit /hop"]),
    (#""hop": 2"#, #""hop": 13"#, ["error hop_limit /hop"]),
    (#""hop": 2"#, #""hop": 2, "kind": "cold""#, ["warning cold_without_context /kind"]),
    (#""hop": 2"#, #""hop": 2, "payload": "do it""#, ["error payload_not_structured /payload"]),
    (#""hop": 2"#, #""hop": 2, "payload": {"do": "it"}"#, []),
    (
      #""hop": 2"#, #""hop": 2, "attributes": {"payload": "do it"}"#,
      ["error payload_not_structured /attributes/payload"]
    ),
    (#""hop": 2"#, #""escalation": {"depth": 6}"#, ["error escalation_depth /escalation/depth"]),
    (#""hop": 2"#, #""escalation": {"depth": 5}"#, ["warning escalation_depth /escalation/depth"]),
    (#""hop": 2"#, #""escalation": {"depth": 3}"#, []),
    (#""version": "2.0", "#, "", ["error missing_field /envelope/version"]),
    (#""version": "2.0""#, #""version": "3.0""#, ["error unsupported_version /envelope/version"]),
    (#""version": "2.0""#, #""version": "two""#, ["error unsupported_version /envelope/version"]),
    (#""version": "2.0""#, #""version": 1"#, []),
    (#""version": "2.0""#, #""version": "2.7""#, []),
    ("sha256:\(Sample.canonical)", Sample.canonical.uppercased(), []),
    (#""a": null}"#, #""a": 0}"#, ["error checksum_mismatch /envelope/checksum"]),
    (
      Sample.canonical, "9e3914fdd6ffa1fdbe8c21f6fd8eace45386914f1ed06fec9662541d147fb8a9",
      ["warning checksum_not_canonical /envelope/checksum"]
    ),
    (
      Sample.canonical, "81ca9413587b5653bc3132029cb2e08e5feaa8e9940f6de0f51f48c8ea1b06a9",
      ["warning checksum_not_canonical /envelope/checksum"]
    ),
    ("sha256:\(Sample.canonical)", "md5:1", ["warning checksum_unknown /envelope/checksum"]),
    ("\"checksum\": \"sha256:\(Sample.canonical)\", ", "", ["warning checksum_missing /envelope/checksum"]),
    (#""state": {"b": [1.0, "é"], "a": null},"#, "", []),
    (#", "expected_outputs"]"#, "]", ["warning missing_section /envelope/sections"]),
    (#""constraints", "#, "", ["warning missing_section /envelope/sections"]),
    (#""used": 3247"#, #""used": 4001"#, ["error budget_exceeded /envelope/tokens/used"]),
    (#""used": 3247"#, #""used": 4000"#, ["warning budget_used_up /envelope/tokens/used"]),
    (#""used": 3247"#, #""used": 3960"#, ["warning budget_used_up /envelope/tokens/used"]),
    (#""used": 3247"#, #""used": 3959"#, []),
    (#""resolved": 20"#, #""resolved": 18"#, ["warning context_incomplete /envelope/memory_refs"]),
    (#""resolved": 20"#, #""resolved": 19"#, []),
    (#""resolved": 20"#, #""resolved": 21"#, ["error out_of_range /envelope/memory_refs/resolved"]),
    ("03:01:00Z", "03:00:04Z", ["error deadline_headroom /envelope/deadline"]),
    ("03:01:00Z", "02:00:00Z", ["error deadline_headroom /envelope/deadline"]),
    ("03:01:00Z", "03:00:05Z", ["warning deadline_headroom /envelope/deadline"]),
    ("03:01:00Z", "03:00:10Z", []),
    (#""2026-11-21T03:01:00Z""#, "1795230004000", ["error deadline_headroom /envelope/deadline"]),
    ("03:01:00Z", "soon", ["error invalid_time /envelope/deadline"]),
    ("1795233600", "1795229999", ["error expired /envelope/expires_at"]),
    (#""hop": 2"#, #""hop": 2, "attributes": {"api_key": "abc"}"#, ["error secret /attributes/api_key"]),
    (#""hop": 2"#, #""hop": 2, "attributes": {"api_key": "[REDACTED]", "max_tokens": "4"}"#, []),
    (
      #""a": null"#, #""a": null, "log": ["Bearer abc1234XYZ"]"#,
      ["error secret /state/log/0", "error checksum_mismatch /envelope/checksum"]
    ),
  ]) func `each fault is found at its place`(_ part: String, _ change: String, _ found: [String]) throws {
    #expect(Sample.event.contains(part), "\(part)")
    #expect(try Sample.findings(Sample.event.replacing(part, with: change)) == found)
  }

  @Test func `a target that is not ready is told with its reasons`() throws {
    let found = try Sample.findings(Sample.event) { $0.obstacles = ["circuit_open"] }
    #expect(found == ["error target_not_ready /to_agent"])
  }

  @Test(arguments: [
    (true, nil as String?, "", "", [] as [String]),
    (true, nil, #""constraints", "#, "", ["warning missing_section /envelope/sections"]),
    (false, nil, "", "", []),
    (true, "h", "", "", []),
    (false, "other", "", "", ["warning constraints_changed /envelope/constraints_hash"]),
  ])
  func `constraints are compared with those of the handoff before`(
    _ had: Bool, _ hash: String?, _ part: String, _ change: String, _ found: [String]
  ) throws {
    let event = part.isEmpty ? Sample.event : Sample.event.replacing(part, with: change)
    let upstream = Circumstances.Upstream(
      handoffID: "ho_0", constraints: RecordConstraints(hasSection: had, whole: hash))
    #expect(try Sample.findings(event) { $0.upstream = upstream } == found)
  }

  @Test func `constraints that were there before and are gone are an error`() throws {
    let event = Sample.event.replacing(#""constraints", "#, with: "").replacing(
      #""constraints_hash": "h", "#, with: "")
    let upstream = Circumstances.Upstream(
      handoffID: "ho_0", constraints: RecordConstraints(hasSection: true))
    let found = try Sample.findings(event) { $0.upstream = upstream }
    #expect(
      found == [
        "warning missing_section /envelope/sections", "error constraints_lost /envelope/constraints_hash",
      ])
  }

  @Test func `an envelope by itself is checked as one`() throws {
    let good = #"""
      {"version": 2, "task_context": {"goal": "x"}, "memory_references": ["m"], "execution_history": [{}],
       "constraints": ["no"], "expected_outputs": "y", "tokens": {"budget": 10, "used": 5}, "to_agent": "b"}
      """#
    #expect(try Sample.findings(good) == [])
    #expect(try Sample.subject(good).form == "envelope")
    #expect(try Sample.subject(good).target == "b")
    #expect(try Sample.findings(good.replacing("5}", with: "11}")) == ["error budget_exceeded /tokens/used"])
    #expect(
      try Sample.findings(good.replacing(#""used": 5"#, with: #""used": -5"#)) == [
        "error out_of_range /tokens/used"
      ])
    #expect(
      try Sample.findings(good.replacing(#"["no"]"#, with: "[]")) == ["warning missing_section /sections"])
    #expect(
      try Sample.findings("{}")
        == ["error missing_field /version", "warning cold_without_context "]
        + Array(repeating: "warning missing_section /sections", count: 5))
  }

  @Test func `what carries no envelope is not asked for one`() throws {
    #expect(try Sample.findings(#"{"type": "handoff.acknowledged", "handoff_id": "h"}"#) == [])
    #expect(try Sample.findings(#"{"type": "circuit.opened", "agent": "b"}"#) == [])
    #expect(try Sample.findings(#"{"type": "task.created"}"#) == ["error missing_field /task_id"])
  }

  @Test func `a message of a dialect is checked as the event it means, at its own places`() throws {
    let message = #"""
      {"envelope_version": "2", "handoff_id": "h", "from_agent": "a", "target_agent": "b", "token_count": 4100,
       "max_tokens": 4000, "memory_refs": ["m1"], "task_summary": "s", "execution_history": [{"agent": "a"}],
       "constraints": ["do not deploy"], "expected_outputs": ["x"]}
      """#
    #expect(try Sample.subject(message).form == "memory_envelope")
    #expect(try Sample.findings(message) == ["error budget_exceeded /token_count"])
    #expect(
      try Sample.findings(message.replacing("4100", with: #""many""#)) == ["error invalid_type /token_count"])
    let orchestrated = #"""
      {"handoffId": "h", "sourceAgent": "a", "targetAgent": "b", "timestamp": 1795230000000,
       "state": {"version": "1.0", "checksum": "\#(String(repeating: "0", count: 64))", "data": {"x": 1}},
       "context": {"handoffChain": ["a", "b"], "constraints": ["c"]}}
      """#
    #expect(try Sample.findings(orchestrated).contains("error checksum_mismatch /state/checksum"))
    let fault =
      #"{"task_id": "t", "from_agent": "a", "action": "done", "payload": {}, "context": {}, "metadata": {}}"#
    #expect(try Sample.findings(fault).first == "error out_of_range /action")
  }

  @Test func `the score falls with what is found, and not below nothing`() throws {
    let event = Sample.event.replacing(#""hop": 2"#, with: #""hop": 9"#)
    #expect(try Sample.subject(event).check(Circumstances(now: Sample.now)).score == 0.95)
    let worst = #"{"type":"x","payload":"p","token":"q","hop":99,"escalation":{"depth":9},"deadline":1}"#
    let report = try Sample.subject(worst).check(Circumstances(now: Sample.now))
    #expect(report.score == 0 && !report.isValid)
  }

  @Test(arguments: ["[]", "null", "1", "\"x\""]) func `only an object is an envelope`(_ text: String) {
    #expect(EnvelopeSubject(JSONValue(Array(text.utf8)) ?? .null) == nil)
  }
}
