import Model

/// Puts the links of a chain together, one after another as they were sent.
struct ChainBuilder {
  private(set) var links: [ChainLink] = []
  private var places: [String: Int] = [:]
  /// What was delivered to each agent, and when.
  private var deliveries: [String: [(at: Timestamp, place: Int)]] = [:]
  private var edges: Set<Edge> = []

  mutating func add(_ id: String, _ record: HandoffRecord, _ life: HandoffLife) {
    let before = previous(of: record, sentAt: life.sentAt).map { links[$0] }
    let told = record.integer(of: .hop).map { Int(clamping: $0) }
    let constraints = record.constraints
    let bound = before?.constraints ?? RecordConstraints()
    let link = ChainLink(
      id: id, record: record, hop: told ?? (before?.hop ?? 0) + 1, previous: before?.id,
      contextRetained: (before?.contextRetained ?? 1) * (record.completeness ?? 1),
      isLoop: Edge(record).map { !edges.insert($0).inserted } ?? false,
      constraints: constraints.isTold ? constraints : bound, constraintsLost: bound.lost(in: constraints),
      missingConstraints: Self.missing(bound, constraints))
    places[id] = links.count
    if let at = life.deliveredAt, let receiver = record.text(of: .toAgent) {
      deliveries[receiver, default: []].append((at, links.count))
    }
    links.append(link)
  }

  /// The parent, else what had been delivered last to the sender by then.
  private func previous(of record: HandoffRecord, sentAt: Timestamp) -> Int? {
    if let parent = record.text(of: .parentHandoffID), let place = places[parent] { return place }
    guard let sender = record.text(of: .fromAgent) else { return nil }
    return deliveries[sender]?.filter { $0.at <= sentAt }.max { $0.at < $1.at }?.place
  }

  /// Which of the constraints that were told one by one are gone.
  private static func missing(_ before: RecordConstraints, _ after: RecordConstraints) -> [String] {
    guard let each = before.each, let others = after.each else { return [] }
    return each.subtracting(others).sorted()
  }
}
