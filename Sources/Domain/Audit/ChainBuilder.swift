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
    let link = ChainLink(
      id: id, record: record, hop: told ?? (before?.hop ?? 0) + 1, previous: before?.id,
      contextRetained: (before?.contextRetained ?? 1) * (record.completeness ?? 1),
      isLoop: Edge(record).map { !edges.insert($0).inserted } ?? false,
      constraintsLost: before.flatMap { Self.lost(from: $0.record, to: record) })
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

  /// A handoff that says nothing of its envelope loses nothing that could be told.
  private static func lost(from before: HandoffRecord, to record: HandoffRecord) -> ConstraintsLost? {
    if let former = before.sections, let sections = record.sections, former.contains("constraints"),
      !sections.contains("constraints")
    {
      return .section
    }
    if let former = before.text(of: .envelopeConstraintsHash),
      record.text(of: .envelopeConstraintsHash).map({ $0 != former })
        ?? (record.value(of: .envelopeSections) != nil)
    {
      return .hash
    }
    return nil
  }
}

extension HandoffRecord {
  /// The names of the envelope's sections; nil where they are not told.
  var sections: Set<String>? {
    guard let json = text(of: .envelopeSections) else { return nil }
    // The decoder has let only an array of strings pass; names without escapes are all that matter here.
    return Set(json.matches(of: /"([^"\\]*)"/).map { String($0.output.1) })
  }
}
