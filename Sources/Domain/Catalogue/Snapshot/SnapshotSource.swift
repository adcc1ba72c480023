public import Analytics
public import Exposition

/// What the analytics have counted, as families of the catalogue.
///
/// The agents of the capped set have series of their own, each from when it is first seen: counters at 0, so
/// that the first failure is an increase. All others share the counters of `__other__` and have no gauges.
public struct SnapshotSource: MetricSource {
  /// The families it fills.
  public var metrics: [Metric] { Self.filled }
  /// Tells one snapshot from every other.
  public let version: UInt64?
  let snapshot: Snapshot
  let window: WindowValues
  private let agents: [AgentSeries]

  private static let filled = Metric.allCases.filter { Figure.all[$0] != nil }

  /// The families of a snapshot; labels that were rendered for an earlier one are used again.
  public init(_ snapshot: Snapshot, version: UInt64?, labels: inout AgentLabels) {
    self.snapshot = snapshot
    self.version = version
    window = snapshot.window(.seconds(300))
    labels.follow(snapshot)
    agents = (0..<snapshot.seriesCount).compactMap { place in
      let counters = snapshot.counters(ofSeries: place)
      guard place > 0 || counters.revision > 0 else { return nil }
      return AgentSeries(labels[place], counters, snapshot.agent(ofSeries: place))
    }
  }

  /// Adds all series of a family to a page.
  public func write(_ metric: Metric, to page: inout PageWriter) {
    guard let figure = Figure.all[metric] else { return }
    switch figure {
    case .fleet(let counter): page.add(count: snapshot.counters[counter])
    case .fleetByWord(let sets, let count):
      let isAtFirst = Catalogue[metric]?.isAtFirst ?? []
      for (place, labels) in sets.enumerated() {
        let count = count(snapshot.counters, place)
        if count > 0 || isAtFirst[place] { page.add(count: count, labels) }
      }
    case .names(let label, let names, let range): write(names(snapshot.counters), label, range, to: &page)
    case .namePairs(let first, let second, let pairs):
      write(pairs(snapshot.counters), first, second, to: &page)
    case .fleetDistributionByWord(let range, let distribution):
      for (place, labels) in range.sets.enumerated() {
        let distribution = distribution(snapshot.counters, place)
        guard distribution.count > 0 || range.isAtFirst(place) else { continue }
        page.add(Histogram(distribution, for: page.format), labels)
      }
    case .fleetDistribution(let distribution):
      page.add(Histogram(distribution(snapshot.counters), for: page.format))
    case .moment(let value): page.add(value(self) ?? .nan)
    case .momentByWord(let range, let value):
      for (place, labels) in range.sets.enumerated() { page.add(Double(value(snapshot, place)), labels) }
    case .summary(let sketch, let running):
      page.add(summary(Catalogue[metric]?.quantiles ?? [], sketch(window), running(snapshot.counters)))
    default:
      let name = AgentLabels.Name(metric)
      for agent in agents { agent.write(figure, name, to: &page) }
    }
  }

  private func summary(_ quantiles: [Double], _ sketch: QuantileSketch, _ running: Running) -> Summary {
    Summary(
      quantiles.map { .init($0, sketch.quantile($0) ?? .nan) }, sum: running.sum, count: running.count)
  }

  private func write(
    _ counted: (names: CappedNames, pairs: NamePairs), _ first: String, _ second: String,
    to page: inout PageWriter
  ) {
    let names = counted.names.rows.map { $0.name ?? AgentLabels.shared }
    func name(_ place: Int) -> String { place < names.count - 1 ? names[place] : AgentLabels.shared }
    for pair in counted.pairs.counted {
      page.add(count: pair.count, LabelSet(first, name(pair.first)), LabelSet(second, name(pair.second)))
    }
  }

  /// The last row is what all names share that found no room; it is there once it counts something.
  private func write(
    _ names: CappedNames, _ label: String, _ range: LabelRange?, to page: inout PageWriter
  ) {
    for row in names.rows {
      let labels = LabelSet(label, row.name ?? AgentLabels.shared)
      for (column, count) in row.counts.enumerated() where count > 0 {
        page.add(count: count, labels, range?[column] ?? .none)
      }
    }
  }
}
