public import Model

/// An open handoff as a snapshot lists it.
public struct ActiveHandoff: Equatable, Sendable {
  /// Its id.
  public let handoffID: String
  /// Its task.
  public let taskID: String?
  /// Its sender.
  public let fromAgent: String?
  /// Its target.
  public let toAgent: String?
  /// How, if it was said in a known word.
  public let kind: HandoffKind?
  /// How handoffs are arranged, if it was said in a known word.
  public let pattern: HandoffPattern?
  /// Why, if it was said in a known word.
  public let reason: HandoffReason?
  /// Where it stands.
  public let state: HandoffState?
  /// Whether it was not acknowledged in time.
  public let isOverdue: Bool
  /// Delivery attempts, as far as they were told.
  public let attempts: Int
  /// Its depth; nil while it is not known to be sent.
  public let hop: Int?
  /// The first event seen of it.
  public let firstEventAt: Timestamp
  /// When it was first sent.
  public let initiatedAt: Timestamp?
  /// When it was first acknowledged.
  public let acknowledgedAt: Timestamp?
}

extension Analytics {
  /// The oldest open handoffs, in the order in which they came.
  public func activeHandoffs(most: Int) -> [ActiveHandoff] {
    var list: [ActiveHandoff] = []
    var slot = most > 0 ? handoffs.first(of: .open) : nil
    while let open = slot, list.count < most {
      list.append(view(handoffs[open]))
      slot = handoffs.next(after: open)
    }
    return list
  }

  /// The ids of the oldest open handoffs, for whoever looks up what became of them elsewhere.
  public func openHandoffIDs(most: Int) -> [[UInt8]] {
    var list: [[UInt8]] = []
    var slot = handoffs.first(of: .open)
    while let open = slot, list.count < most {
      list.append(Array(handoffs.texts[handoffs[open].text]))
      slot = handoffs.next(after: open)
    }
    return list
  }

  private func view(_ handoff: Handoff) -> ActiveHandoff {
    let task = journeys.slot(of: handoff.task).map {
      String(decoding: journeys.texts[journeys[$0].text], as: UTF8.self)
    }
    return ActiveHandoff(
      handoffID: String(decoding: handoffs.texts[handoff.text], as: UTF8.self), taskID: task,
      fromAgent: agents.name(of: handoff.from), toAgent: agents.name(of: handoff.to),
      kind: HandoffKind(rawValue: handoff.kind), pattern: HandoffPattern(rawValue: handoff.pattern),
      reason: HandoffReason(rawValue: handoff.reason), state: handoff.life.state,
      isOverdue: handoff.marks.contains(.overdue), attempts: Int(handoff.attempts),
      hop: handoff.hop > 0 ? Int(handoff.hop) : nil,
      firstEventAt: Timestamp(microseconds: handoff.life.firstAt),
      initiatedAt: moment(handoff.life.initiatedAt), acknowledgedAt: moment(handoff.life.firstAcknowledgedAt))
  }

  private func moment(_ least: Int64) -> Timestamp? {
    least == .max ? nil : Timestamp(microseconds: least)
  }
}
