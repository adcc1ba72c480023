// What was decided about the failures of a task: the same rule that live numbers follow, over all that is known. An event
// of the failed handoff itself decides first; else the next handoff of the task that somebody other than the one who
// failed begins, of which each answers one failure; else the end of the task.
public import Model

/// A handoff that failed, and what was done about it.
public struct ChainFailure: Sendable {
  /// The handoff.
  public let link: ChainLink
  /// When it failed last.
  public let failedAt: Timestamp
  /// What was decided; nil while nobody has.
  public internal(set) var decision: FailureDecision?
  /// The handoff that shows it; nil where the end of the task does.
  public internal(set) var decidedBy: String?
  /// When.
  public internal(set) var decidedAt: Timestamp?
}

extension TaskChain {
  /// The handoffs that failed, in the order in which they were sent; the task may have ended at a moment.
  public func failures(endedAt: Timestamp? = nil) -> [ChainFailure] {
    var failures = links.compactMap(ChainFailure.init)
    for link in links {
      guard let place = failures.firstUnanswered(by: link) else { continue }
      let isAgain = link.record.text(of: .toAgent) == failures[place].link.record.text(of: .toAgent)
      let isEscalation = link.record.text(of: .reason) == "escalation"
      failures[place].decide(
        isAgain ? .retry : isEscalation ? .escalate : .reroute, by: link.id, at: link.record.life.sentAt)
    }
    for place in failures.indices where failures[place].decision == nil {
      guard let endedAt, endedAt >= failures[place].failedAt else { continue }
      failures[place].decide(.abort, by: nil, at: endedAt)
    }
    return failures
  }
}

extension ChainFailure {
  fileprivate init?(_ link: ChainLink) {
    let moments = link.record.moments
    guard let failed = moments.lastIndex(where: { $0.type == .failed }) else { return nil }
    self.init(link: link, failedAt: moments[failed].occurredAt)
    for moment in moments[(failed + 1)...] where decision == nil {
      guard let decision = moment.type.state.flatMap({ FailureDecision($0) }) else { continue }
      decide(decision, by: link.id, at: moment.occurredAt)
    }
  }

  fileprivate mutating func decide(_ decision: FailureDecision, by id: String?, at moment: Timestamp) {
    self.decision = decision
    decidedBy = id
    decidedAt = moment
  }
}

extension [ChainFailure] {
  /// The failure that a handoff answers: that towards the same receiver, else the latest.
  fileprivate func firstUnanswered(by link: ChainLink) -> Int? {
    let sentAt = link.record.life.sentAt
    let from = link.record.text(of: .fromAgent)
    let open = indices.filter { place in
      self[place].decision == nil && self[place].failedAt <= sentAt && self[place].link.id != link.id
        && self[place].link.record.text(of: .toAgent) != from
    }
    let to = link.record.text(of: .toAgent)
    return open.first { self[$0].link.record.text(of: .toAgent) == to }
      ?? open.max { self[$0].failedAt < self[$1].failedAt }
  }
}
