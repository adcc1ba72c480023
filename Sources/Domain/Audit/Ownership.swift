// Who may hand a task on. In a sequence one agent after another has it, so that whoever hands it on is the one who took it
// last. Nothing of the sort holds where it is given to several at once, so only handoffs of a sequence are judged.
import Model

/// A handoff of a task by somebody who did not have it.
public struct OwnershipViolation: Sendable {
  /// The handoff.
  public let link: ChainLink
  /// Who had the task then.
  public let owner: String
}

extension TaskChain {
  /// The handoffs of a sequence whose sender did not have the task: another had taken it last, and has neither failed nor
  /// given it back since.
  public var ownershipViolations: [OwnershipViolation] {
    let taken = links.compactMap { link -> (id: String, at: Timestamp, by: String?, state: HandoffState?)? in
      let life = link.record.life
      return life.deliveredAt.map { (link.id, $0, link.record.text(of: .toAgent), life.state) }
    }
    return links.compactMap { link in
      guard link.record.text(of: .pattern) == "sequential", let from = link.record.text(of: .fromAgent) else {
        return nil
      }
      let sentAt = link.record.life.sentAt
      let last = taken.filter { $0.at <= sentAt && $0.id != link.id }.max { ($0.at, $0.id) < ($1.at, $1.id) }
      guard let last, last.state == .acknowledged || last.state == .completed, let owner = last.by,
        owner != from
      else { return nil }
      return OwnershipViolation(link: link, owner: owner)
    }
  }
}
