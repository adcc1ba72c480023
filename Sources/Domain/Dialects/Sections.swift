public import Bytes

/// The five sections that an envelope should have, and the names they go by.
public enum Sections {
  /// The names of the sections, in their order.
  public static let all = named.map(\.section)

  /// The sections that stand in any of some places, with something in them.
  public static func present(in places: [JSONPlace]) -> [String] {
    named.filter { _, names in
      places.contains { place in names.contains { place[$0].map { !$0.value.isEmpty } ?? false } }
    }.map(\.section)
  }

  /// All the names that sections go by.
  static let names = Set(named.flatMap(\.names))

  private static let named: [(section: String, names: [String])] = [
    ("task_context", ["task_context", "task_summary", "original_task", "current_state", "taskContext"]),
    (
      "memory_references",
      ["memory_references", "memory_refs", "key_facts", "collected_data", "memoryReferences"]
    ),
    (
      "execution_history",
      ["execution_history", "decisions_made", "conversation_summary", "executionHistory", "handoffChain"]
    ),
    ("constraints", ["constraints", "guardrails"]),
    ("expected_outputs", ["expected_outputs", "expected_output", "expectedOutputs"]),
  ]
}
