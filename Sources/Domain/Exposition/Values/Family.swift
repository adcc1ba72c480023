// What /metrics shows, as values: families of samples, made anew for each scrape or kept while
// nothing changed. A `PageWriter` turns them into the formats Prometheus reads; where there are many
// series, their labels are better kept rendered (`LabelSet`), and the values given to it directly.

/// How the samples of a family are to be understood.
public enum FamilyKind: String, CaseIterable, Sendable {
  case counter
  case gauge
  case histogram
  case summary
  /// Facts about the program, as labels of a sample that is always 1.
  case info
}

/// One sample, with the labels that tell it from its neighbours.
public struct Sample: Equatable, Sendable {
  /// What a sample holds.
  public enum Value: Equatable, Sendable {
    case number(Double)
    case histogram(Histogram)
    case summary(Summary)
  }

  /// The labels, in the order in which they are written.
  public var labels: [Label]
  /// What was measured.
  public var value: Value

  /// A sample of one number.
  public init(_ number: Double, _ labels: [Label] = []) {
    self.labels = labels
    value = .number(number)
  }

  /// A sample of one count.
  public init(_ count: some BinaryInteger, _ labels: [Label] = []) {
    self.init(Double(count), labels)
  }

  /// A sample of one histogram.
  public init(_ histogram: Histogram, _ labels: [Label] = []) {
    self.labels = labels
    value = .histogram(histogram)
  }

  /// A sample of one summary.
  public init(_ summary: Summary, _ labels: [Label] = []) {
    self.labels = labels
    value = .summary(summary)
  }
}

/// Samples of one name and one meaning.
public struct Family: Equatable, Sendable {
  /// The name as OpenMetrics has it: counters without `_total`, info without `_info`.
  public var name: String
  /// How the samples are to be understood.
  public var kind: FamilyKind
  /// What it means, in one sentence.
  public var help: String
  /// The samples; each has the same label names.
  public var samples: [Sample]

  /// A family.
  public init(_ name: String, _ kind: FamilyKind, _ help: String, _ samples: [Sample]) {
    self.name = name
    self.kind = kind
    self.help = help
    self.samples = samples
  }
}
