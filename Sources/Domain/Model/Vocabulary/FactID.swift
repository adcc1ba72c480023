/// A piece of knowledge that events bring and records keep.
///
/// The raw value is stored; a number once given is never reused.
public enum FactID: UInt8, CaseIterable, Sendable {
  // Identity of the event: not merged into records.
  case handoffID = 1
  case eventID = 2
  case agent = 3
  case attempt = 4
  /// Of a `task.*` or `conversation.turn` event the task or conversation is the subject.
  case taskID = 10
  case conversationID = 11
  case parentHandoffID = 12
  case fromAgent = 13
  case toAgent = 14
  case originalToAgent = 15
  case hop = 16
  case kind = 17
  case pattern = 18
  case reason = 19
  case groupID = 20
  case receiverCount = 21
  case parkReason = 22
  case fallbackIndex = 23
  case traceID = 24
  case spanID = 25
  case userID = 26
  /// What is held for the work, by kind: an object or a list, as its sender keeps it.
  case resources = 27
  /// Which state of the context that the agents of the task share: its version or hash, who wrote it.
  case sharedContext = 28
  // Leaves of the envelope, each merged singly.
  case envelopeVersion = 40
  case envelopePrevious = 41
  case envelopeBytes = 42
  case envelopeRawBytes = 43
  case envelopeStrategy = 44
  case envelopeSections = 45
  case envelopeChecksum = 46
  case envelopeConstraintsHash = 47
  case envelopeConfidence = 48
  case envelopeDeadline = 49
  case envelopeExpiresAt = 50
  case envelopePriority = 51
  case envelopeConstraintHashes = 52
  // Facts merged as a whole: the head holds the JSON as sent, its parts follow it in the frame.
  case error = 70
  case errorClass = 71
  case errorType = 72
  case errorMessage = 73
  case errorHint = 74
  case errorAttempted = 75
  case memoryRefs = 80
  case memoryRequested = 81
  case memoryResolved = 82
  case memoryMissing = 83
  case tokens = 90
  case tokensBudget = 91
  case tokensUsed = 92
  case tokensTrimmed = 93
  case rollback = 100
  case validation = 110
  case escalation = 120

  /// Whether records keep this fact.
  public var isMerged: Bool { rawValue >= Self.taskID.rawValue }

  /// The head of the group this fact belongs to: itself, unless it is a part of a whole.
  public var head: Self {
    switch self {
    case .errorClass, .errorType, .errorMessage, .errorHint, .errorAttempted: .error
    case .memoryRequested, .memoryResolved, .memoryMissing: .memoryRefs
    case .tokensBudget, .tokensUsed, .tokensTrimmed: .tokens
    default: self
    }
  }
}
