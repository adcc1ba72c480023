public import Exposition

/// What is to be known of a family before anything is measured.
public struct Definition: Sendable {
  /// Which family.
  public let metric: Metric
  /// Its labels, in the order in which they are written, and what values they may have.
  public let labels: [LabelRange]
  /// The quantiles of a summary.
  public let quantiles: [Double]
  /// Names, kind, help and bounds, rendered.
  public let heading: Heading
  /// Of each known label set, whether its series is there before anything was counted.
  let isAtFirst: [Bool]

  init(
    _ metric: Metric, _ kind: FamilyKind, by labels: [LabelRange] = [], bounds: [Double] = [],
    quantiles: [Double] = [], _ help: String
  ) {
    self.metric = metric
    self.labels = labels
    self.quantiles = quantiles
    heading = Heading(metric.rawValue, kind, help, bounds: bounds)
    isAtFirst = labels.reduce([true]) { sets, range in
      sets.flatMap { isFirst in range.values.indices.map { isFirst && range.isAtFirst($0) } }
    }
  }

  /// The label sets that are known from the start, so that their series are there from the first scrape: none
  /// where a label may have any value.
  public var knownSets: [LabelSet] {
    var sets: [[Label]] = [[]]
    for range in labels {
      sets = sets.flatMap { set in range.values.map { set + [Label(range.name, $0)] } }
    }
    return sets.map { LabelSet($0) }
  }

  /// How many lines a series takes in the text formats.
  public var linesPerSeries: Int {
    switch heading.kind {
    case .counter, .gauge, .info: 1
    case .summary: quantiles.count + 2
    case .histogram: heading.bounds.count + 3
    }
  }
}
