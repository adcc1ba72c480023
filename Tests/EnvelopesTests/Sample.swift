import Bytes
import Model
import Testing

@testable import Envelopes

/// A good event and its circumstances, to be spoilt in one place each.
enum Sample {
  /// 2026-11-21T03:00:00Z.
  static let now = Timestamp(microseconds: 1_795_230_000_000_000)

  static let event = #"""
    {"type": "handoff.initiated", "handoff_id": "ho_1", "task_id": "t", "from_agent": "a", "to_agent": "b", "hop": 2,
     "state": {"b": [1.0, "é"], "a": null},
     "envelope": {"version": "2.0", "tokens": {"budget": 4000, "used": 3247, "trimmed": 0},
      "memory_refs": {"requested": 20, "resolved": 20},
      "sections": ["task_context", "memory_references", "execution_history", "constraints", "expected_outputs"],
      "checksum": "sha256:CANONICAL", "constraints_hash": "h", "confidence": 0.9, "deadline": "2026-11-21T03:01:00Z",
      "expires_at": 1795233600}}
    """#.replacing("CANONICAL", with: canonical)

  /// SHA-256 of `{"a":null,"b":[1,"é"]}`.
  static let canonical = "f8f17faab95c024891d173fa43442b0e52007736a1f36715ac721ab22deeefc5"

  static func subject(_ text: String) throws -> EnvelopeSubject {
    try #require(EnvelopeSubject(JSONValue(Array(text.utf8)) ?? .null), "\(text)")
  }

  /// What is found: `error code pointer`.
  static func findings(
    _ text: String, _ change: (inout Circumstances) -> Void = { _ in }
  ) throws -> [String] {
    var circumstances = Circumstances(now: now)
    change(&circumstances)
    return try subject(text).check(circumstances).findings.map {
      "\($0.severity) \($0.code) \($0.pointer)"
    }
  }
}
