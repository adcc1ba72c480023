public import Model

/// What a handoff bound its receiver to, as far as its record tells.
public struct Constraints: Equatable, Sendable {
  /// Whether its envelope had a section of them.
  public let hasSection: Bool
  /// Their hash.
  public let hash: String?

  /// What a record says of constraints.
  public init(_ record: HandoffRecord) {
    hasSection = record.sections?.contains("constraints") ?? false
    hash = record.text(of: .envelopeConstraintsHash)
  }
}

extension TaskChain {
  /// The handoff by which an agent got the task last.
  public func last(deliveredTo agent: String) -> ChainLink? {
    links.last { $0.record.text(of: .toAgent) == agent && $0.record.life.deliveredAt != nil }
  }
}
