/// Something that should be seen to before an envelope is sent.
public struct Finding: Equatable, Sendable {
  /// How bad it is.
  public enum Severity: Sendable {
    /// It should not be sent like this.
    case error
    /// It may be sent, but something will be missing or late.
    case warning
  }

  /// What was found, as a word.
  public enum Code: String, CaseIterable, Sendable {
    case checksumMismatch = "checksum_mismatch"
    case checksumMissing = "checksum_missing"
    case checksumNotCanonical = "checksum_not_canonical"
    case checksumUnknown = "checksum_unknown"
    case missingField = "missing_field"
    case unsupportedVersion = "unsupported_version"
    case missingSection = "missing_section"
    case budgetExceeded = "budget_exceeded"
    case budgetUsedUp = "budget_used_up"
    case hopLimit = "hop_limit"
    case deadlineHeadroom = "deadline_headroom"
    case expired
    case targetNotReady = "target_not_ready"
    case secret
    case payloadNotStructured = "payload_not_structured"
    case coldWithoutContext = "cold_without_context"
    case escalationDepth = "escalation_depth"
    case constraintsLost = "constraints_lost"
    case constraintsChanged = "constraints_changed"
    case contextIncomplete = "context_incomplete"
  }

  /// How bad it is.
  public var severity: Severity
  /// What was found: one of `Code`, or the code with which the event would be refused.
  public var code: String
  /// Where, as a JSON pointer into what was sent.
  public var pointer: String
  /// What is wrong and what would be right.
  public var message: String
}
