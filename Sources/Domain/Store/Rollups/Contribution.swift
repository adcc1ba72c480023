import Analytics
import Model

/// What one handoff adds to the rollups, read off its record: a function of it alone.
///
/// It began in one minute, and came to what it came to in another; all that was measured counts in the latter. Where it
/// was given to somebody else, the receiver it was taken from has a count of its own.
struct Contribution: Equatable, Sendable {
  /// Who sent it to whom, as places in the record's bytes.
  private(set) var from: Range<Int>?
  private(set) var to: Range<Int>?
  /// Whom it was taken from, if it was.
  private(set) var original: Range<Int>?
  /// The minute of its first sending.
  private(set) var started: Int64?
  /// The minute in which it was taken from its first receiver.
  private(set) var diverted: Int64?
  /// What it came to, and in which minute.
  private(set) var outcome: Outcome?
  private(set) var concluded: Int64 = 0
  private(set) var isCompleted = false
  private(set) var hasFailedAtWork = false
  /// In microseconds.
  private(set) var latency: Int64?
  private(set) var duration: Int64?
  /// References, where any were requested.
  private(set) var references: Share?
  /// Tokens, where there was a budget.
  private(set) var tokens: Share?

  /// A part of a whole that is not 0.
  struct Share: Equatable, Sendable {
    var part: Int64
    var whole: Int64

    init?(_ part: Int64?, of whole: Int64?) {
      guard let part, let whole, whole > 0 else { return nil }
      self.part = part
      self.whole = whole
    }

    var ratio: Double { max(0, Double(part) / Double(whole)) }
  }

  /// What a record adds; nil where that is nothing.
  init?(_ record: HandoffRecord, _ life: HandoffLife) {
    started = life.initiatedAt?.minute
    conclude(record, life)
    original = record.range(of: .originalToAgent)
    to = record.range(of: .toAgent)
    if original != nil, record.value(of: .originalToAgent) != record.value(of: .toAgent) {
      diverted = record.last(.rerouted)?.minute
    }
    if started == nil && outcome == nil && diverted == nil { return nil }
    from = record.range(of: .fromAgent)
  }

  private mutating func conclude(_ record: HandoffRecord, _ life: HandoffLife) {
    guard let conclusion = record.conclusion(life) else { return }
    let outcome = Outcome(conclusion.cause)
    self.outcome = outcome
    concluded = conclusion.at.minute
    isCompleted = life.state == .completed
    hasFailedAtWork = outcome == .delivered && life.state == .failed
    latency = life.acknowledgementLatency.map { max(0, $0) }
    duration = life.duration.map { max(0, $0) }
    references = Share(record.integer(of: .memoryResolved), of: record.integer(of: .memoryRequested))
    tokens = Share(record.integer(of: .tokensUsed), of: record.integer(of: .tokensBudget))
  }
}

extension Outcome {
  /// What an event concludes a handoff with; nil stands for silence.
  fileprivate init(_ cause: EventType?) {
    switch cause {
    case nil: self = .timeout
    case .failed: self = .failed
    case .parked: self = .parked
    case .expired: self = .expired
    case .rerouted: self = .rerouted
    case .rejected: self = .rejected
    case .cancelled, .rolledBack, .resolved: self = .cancelled
    default: self = .delivered
    }
  }
}
