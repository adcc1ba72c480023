/// How a handoff passes context and responsibility on.
public enum HandoffKind: UInt8, ClosedWord {
  case warm, cold, supervised, broadcast, delegation, other

  /// The word as events and labels write it.
  public var name: String { "\(self)" }
  /// The list.
  public static let list = WordList<Self>()
}

/// How handoffs are arranged.
public enum HandoffPattern: UInt8, ClosedWord {
  case direct, broadcast, choreographed, sequential, parallel, conditional, retry, other

  /// The word as events and labels write it.
  public var name: String { "\(self)" }
  /// The list.
  public static let list = WordList<Self>()
}

/// Why a handoff was made.
public enum HandoffReason: UInt8, ClosedWord {
  case escalation, specialization, recovery, loadShedding, supervision, other

  /// The word as events and labels write it.
  public var name: String { self == .loadShedding ? "load_shedding" : "\(self)" }
  /// The list.
  public static let list = WordList<Self>()
}

/// How an envelope was packed.
public enum EnvelopeStrategy: UInt8, ClosedWord {
  case fullDump, summaryRefs, priorityTrimming, lazyLoading, other

  /// The word as events and labels write it.
  public var name: String {
    switch self {
    case .fullDump: "full_dump"
    case .summaryRefs: "summary_refs"
    case .priorityTrimming: "priority_trimming"
    case .lazyLoading: "lazy_loading"
    case .other: "other"
    }
  }
  /// The list.
  public static let list = WordList<Self>()
}

/// Whether an error may pass when tried again.
public enum ErrorClass: UInt8, ClosedWord {
  case retryable, permanent, unclassified

  /// What says neither.
  public static let other = Self.unclassified
  /// The word as events and labels write it.
  public var name: String { "\(self)" }
  /// The list.
  public static let list = WordList<Self>()
}

/// How bad a result that did not pass is.
public enum ResultSeverity: UInt8, ClosedWord {
  case error, warning, info, other

  /// The word as events and labels write it.
  public var name: String { "\(self)" }
  /// The list.
  public static let list = WordList<Self>()
}

/// One of the five sections of an envelope.
public enum EnvelopeSection: UInt8, ClosedWord {
  case taskContext, memoryReferences, executionHistory, constraints, expectedOutputs, other

  /// The word as events write it.
  public var name: String {
    switch self {
    case .taskContext: "task_context"
    case .memoryReferences: "memory_references"
    case .executionHistory: "execution_history"
    case .constraints: "constraints"
    case .expectedOutputs: "expected_outputs"
    case .other: "other"
    }
  }
  /// The list.
  public static let list = WordList<Self>()
  /// The number of sections an envelope should have.
  public static let expected = 5
}
