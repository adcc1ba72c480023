// The chain of a task: the way it took from agent to agent, and what of its context arrived where.
//
// Handoffs are put in the order in which they were sent. Where along the path one stands follows from what
// was known when it was sent: behind its parent, if it names one of this task; else behind the task's last
// handoff that had been delivered to its sender by then; else it begins a path. Depth counts up along a
// path, and the context retained multiplies along it; where nothing was requested, nothing was lost. Constraints hold
// until an envelope says otherwise: a handoff that tells nothing of its envelope neither loses nor lifts them.
public import Model

/// One handoff of a task, with its place along the path.
public struct ChainLink: Sendable {
  /// Which handoff.
  public let id: String
  /// What all its events together say.
  public let record: HandoffRecord
  /// Its depth.
  public let hop: Int
  /// The handoff before it along its path; nil where it begins one.
  public let previous: String?
  /// The context retained after it, of all that the path began with.
  public let contextRetained: Double
  /// Whether it travels an edge that the task had travelled before.
  public let isLoop: Bool
  /// What binds its receiver: what its envelope tells, else what bound the one before it.
  public let constraints: RecordConstraints
  /// How it can be told that something of what bound the one before it is gone.
  public let constraintsLost: ConstraintsLost?
  /// Which of them are gone, where they were told one by one.
  public let missingConstraints: [String]
}

/// An edge that a task travelled more than once.
public struct ChainLoop: Equatable, Sendable {
  /// From whom.
  public let from: String
  /// To whom.
  public let to: String
  /// The handoffs along it, in order.
  public let handoffs: [String]
}

/// A handoff whose state came to a receiver that already had a newer one.
public struct StateConflict: Sendable {
  /// The handoff that came too late.
  public let link: ChainLink
  /// The one that had brought the newer state.
  public let newer: String
}

/// A broadcast that was one receiver's to take, and that several took.
public struct ClaimRace: Sendable {
  /// What its handoffs share.
  public let group: String
  /// The handoffs that were taken, in the order in which they were: the first has won.
  public let claims: [ChainLink]
}

/// The way of a task.
public struct TaskChain: Sendable {
  /// Its handoffs, in the order in which they were sent.
  public let links: [ChainLink]

  /// Puts the handoffs of one task in order, and works out what each brought.
  public init(_ handoffs: [(id: String, record: HandoffRecord)]) {
    var builder = ChainBuilder()
    let lives = handoffs.map { ($0, $0.record.life) }
    let sorted = lives.sorted { left, right in
      let (leftAt, rightAt) = (left.1.sentAt, right.1.sentAt)
      return leftAt != rightAt ? leftAt < rightAt : left.0.id < right.0.id
    }
    for (handoff, life) in sorted { builder.add(handoff.id, handoff.record, life) }
    links = builder.links
  }

  /// Who has the task now: the receiver of the handoff delivered last, else the first sender.
  public var owner: String? {
    let delivered = links.filter { $0.record.life.deliveredAt != nil }
    let last = delivered.max { left, right in
      (left.record.life.deliveredAt ?? .earliest) < (right.record.life.deliveredAt ?? .earliest)
    }
    return last?.record.text(of: .toAgent) ?? links.first?.record.text(of: .fromAgent)
  }

  /// The deepest hop; 0 without handoffs.
  public var depth: Int { links.map(\.hop).max() ?? 0 }

  /// All agents on the way, in the order in which they come.
  public var agents: [String] {
    var seen: Set<String> = []
    return links.flatMap { [$0.record.text(of: .fromAgent), $0.record.text(of: .toAgent)] }
      .compactMap { $0 }.filter { seen.insert($0).inserted }
  }

  /// The context retained at the end: of the handoff sent last.
  public var contextRetained: Double? { links.last?.contextRetained }

  /// The first handoff with which context was lost.
  public var firstLoss: ChainLink? { links.first { ($0.record.completeness ?? 1) < 1 } }

  /// The edges travelled more than once, in the order in which they first were.
  public var loops: [ChainLoop] {
    var travels: [(edge: Edge, ids: [String])] = []
    for link in links {
      guard let edge = Edge(link.record) else { continue }
      if let place = travels.firstIndex(where: { $0.edge == edge }) {
        travels[place].ids.append(link.id)
      } else {
        travels.append((edge, [link.id]))
      }
    }
    return travels.filter { $0.ids.count > 1 }.map {
      ChainLoop(from: $0.edge.from, to: $0.edge.to, handoffs: $0.ids)
    }
  }

  /// The handoffs whose state was overtaken: sent before another to the same receiver, and delivered after it.
  public var stateConflicts: [StateConflict] {
    let delivered = links.filter { $0.record.carriesState && $0.record.life.deliveredAt != nil }
    return delivered.enumerated().compactMap { place, link in
      let newer = delivered[(place + 1)...].first { other in
        other.record.text(of: .toAgent) == link.record.text(of: .toAgent)
          && (other.record.life.deliveredAt ?? .latest) < (link.record.life.deliveredAt ?? .earliest)
      }
      return newer.map { StateConflict(link: link, newer: $0.id) }
    }
  }

  /// The races for what was offered to several receivers (kind broadcast), in the order of their first claims.
  public var claimRaces: [ClaimRace] {
    let taken = links.filter { $0.record.isOffer && $0.record.life.deliveredAt != nil }.sorted {
      left, right in
      let (leftAt, rightAt) = (left.record.life.deliveredAt, right.record.life.deliveredAt)
      return (leftAt ?? .latest, left.id) < (rightAt ?? .latest, right.id)
    }
    var races: [ClaimRace] = []
    for group in taken.compactMap({ $0.record.text(of: .groupID) })
    where !races.contains(where: { $0.group == group }) {
      races.append(ClaimRace(group: group, claims: taken.filter { $0.record.text(of: .groupID) == group }))
    }
    return races.filter { $0.claims.count > 1 }
  }

  /// The handoffs that were escalated.
  public var escalations: [ChainLink] {
    links.filter { $0.record.hasSeen(.escalated) || $0.record.value(of: .escalation) != nil }
  }

  /// Where the task stands, as far as its handoffs tell: that of the handoff sent last.
  public var state: HandoffState? { links.last?.record.life.state }
}

extension TaskChain {
  /// The handoff by which an agent got the task last.
  public func last(deliveredTo agent: String) -> ChainLink? {
    links.last { $0.record.text(of: .toAgent) == agent && $0.record.life.deliveredAt != nil }
  }
}

extension HandoffRecord {
  /// Whether it is one of several offers of the same work, which one receiver is to take.
  fileprivate var isOffer: Bool { text(of: .kind) == "broadcast" }

  /// Whether it says anything of a state that it carries.
  fileprivate var carriesState: Bool {
    value(of: .envelopeChecksum) != nil || value(of: .envelopeBytes) != nil
  }
}

/// From whom to whom.
struct Edge: Hashable {
  let from: String
  let to: String

  init?(_ record: HandoffRecord) {
    guard let from = record.text(of: .fromAgent), let to = record.text(of: .toAgent) else { return nil }
    self.from = from
    self.to = to
  }
}

extension HandoffLife {
  /// When it was sent, else when it was first heard of.
  var sentAt: Timestamp { initiatedAt ?? firstEventAt ?? .earliest }

  /// When it was delivered; nil if it was not.
  public var deliveredAt: Timestamp? {
    acknowledgedAt ?? (state == .completed ? endedAt : nil)
  }
}
