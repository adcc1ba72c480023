import Foundation

/// Events in which everything happens that a dashboard shows, each time under other ids.
struct Story {
  let number: Int
  /// Seconds since 1970: everything happens shortly before.
  let now: Double

  /// The events, one a line.
  var text: String {
    (chains + failures + letters + fanOut + course + reports).compactMap { event in
      (try? JSONSerialization.data(withJSONObject: event)).map { String(decoding: $0, as: UTF8.self) }
    }.joined(separator: "\n")
  }

  private typealias Event = [String: Any]

  private func event(_ type: String, _ id: String, ago: Double, _ more: Event = [:]) -> Event {
    var event: Event = ["type": "handoff.\(type)", "handoff_id": "\(id)-\(number)", "occurred_at": now - ago]
    event.merge(more) { $1 }
    return event
  }

  private func sent(_ id: String, _ from: String, _ to: String, ago: Double, _ more: Event = [:]) -> Event {
    let basics: Event = ["from_agent": from, "to_agent": to]
    return event("initiated", id, ago: ago, basics.merging(more) { $1 })
  }

  /// A task along four agents and back, with everything an envelope may say.
  private var chains: [Event] {
    let path = ["planner", "researcher", "coder", "reviewer", "coder", "reviewer"]
    return path.indices.dropLast().flatMap { place in
      let id = "chain-\(place)"
      return [
        sent(
          id, path[place], path[place + 1], ago: 60 - Double(place) * 5,
          [
            "task_id": "chain-\(number)", "kind": "warm", "pattern": "sequential", "reason": "specialization",
            "trace_id": String(repeating: "ab", count: 16), "envelope": envelope,
          ]),
        event("acknowledged", id, ago: 59 - Double(place) * 5),
        event("completed", id, ago: 57 - Double(place) * 5),
      ]
    }
      + [
        [
          "type": "task.completed", "task_id": "chain-\(number)", "agent": "reviewer",
          "occurred_at": now - 20,
        ]
      ]
  }

  private var envelope: Event {
    [
      "version": "2.0", "bytes": 5120, "raw_bytes": 9000, "strategy": "priority_trimming",
      "tokens": ["budget": 4000, "used": 3247, "trimmed": 12],
      "memory_refs": ["requested": 20, "resolved": 19, "missing": ["ms-1"]],
      "sections": ["task_context", "memory_references", "constraints"], "confidence": 0.9,
      "deadline": now + 600, "checksum": "sha256:00",
    ]
  }

  /// Attempts that fail, a receiver that is lost three times, one that refuses, work that fails and is rolled back.
  private var failures: [Event] {
    let error: Event = ["class": "retryable", "type": "timeout", "message": "no answer"]
    let lost = (0..<3).flatMap { count -> [Event] in
      let id = "lost-\(count)"
      return [
        sent(id, "planner", "oracle", ago: 40, ["kind": "cold"]),
        event("attempt_failed", id, ago: 39, ["attempt": 1, "error": error]),
        event("failed", id, ago: 38, ["error": error]),
      ]
    }
    return lost + [
      sent("refused", "planner", "tester", ago: 30), event("rejected", "refused", ago: 29),
      sent("broken", "planner", "tester", ago: 28), event("acknowledged", "broken", ago: 27),
      event("failed", "broken", ago: 26, ["error": ["class": "permanent", "type": "crash"]]),
      event(
        "rolled_back", "broken", ago: 25, ["rollback": ["steps": [["action": "undo", "status": "failed"]]]]),
      event(
        "validated", "broken", ago: 25,
        [
          "validation": [
            "valid": false, "results": [["rule": "schema", "passed": false, "severity": "error"]],
          ]
        ]),
      sent("raised", "tester", "planner", ago: 24),
      event("escalated", "raised", ago: 23, ["escalation": ["depth": 2, "to": "human"]]),
      sent("turned", "planner", "oracle", ago: 22),
      event(
        "rerouted", "turned", ago: 21,
        ["to_agent": "coder", "original_to_agent": "oracle", "fallback_index": 1]),
      sent("waits", "planner", "researcher", ago: 45),
    ]
  }

  /// One dead letter that stays, one that is replayed.
  private var letters: [Event] {
    [
      sent("stays", "planner", "coder", ago: 20),
      event("parked", "stays", ago: 19, ["park_reason": "poison"]),
      sent("again", "planner", "coder", ago: 18), event("parked", "again", ago: 17),
      event("replayed", "again", ago: 16), event("acknowledged", "again", ago: 15),
    ]
  }

  private var fanOut: [Event] {
    [
      sent(
        "fan", "planner", "researcher", ago: 14,
        ["kind": "broadcast", "group_id": "fan-\(number)", "receivers": ["researcher", "coder"]])
    ]
  }

  /// A receiver that works with an older version, fetches what it lacks, and passes on less than binds it.
  private var course: [Event] {
    [
      event("prepared", "long", ago: 14),
      sent(
        "long", "planner", "coder", ago: 13,
        [
          "task_id": "long-\(number)",
          "envelope": [
            "version": "2.0", "strategy": "lazy_loading", "constraint_hashes": ["a", "b"], "checksum": "x",
          ] as Event,
        ]), event("acknowledged", "long", ago: 12, ["envelope": ["version": "1.0", "checksum": "y"]]),
      event("step", "long", ago: 11, ["step": ["name": "lazy_fetch", "count": 2] as Event]),
      sent(
        "less", "coder", "tester", ago: 10,
        ["task_id": "long-\(number)", "envelope": ["constraint_hashes": ["a"]]]),
    ]
  }

  private var reports: [Event] {
    [
      [
        "type": "agent.health", "agent": "coder",
        "health": [
          "status": "degraded", "cpu": 0.9, "memory_mb": 700, "response_ms": 200, "queue_depth": 4,
          "error_rate": 0.01, "issues": ["gc"],
        ] as Event,
      ],
      ["type": "circuit.opened", "agent": "tester", "reporter": "planner", "reset_at": now + 30],
      ["type": "circuit.skipped", "agent": "tester", "reporter": "planner"],
      [
        "type": "conversation.turn", "conversation_id": "talk-\(number)", "agent": "planner", "role": "user",
        "length": 12,
      ],
    ]
  }
}
