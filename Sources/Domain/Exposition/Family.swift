// What /metrics shows, as values: families of samples, made anew for each scrape or kept while
// nothing changed. Writers turn them into the formats Prometheus reads.

/// A label of a sample; the name is one of ours, the value may be any text.
public struct Label: Equatable, Sendable {
  /// A legacy name: letters, digits and underscores.
  public var name: String
  /// Any text.
  public var value: String

  /// A label.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// How the samples of a family are to be understood.
public enum FamilyKind: String, Sendable {
  case counter
  case gauge
  case histogram
  case summary
}

/// The observations of a histogram, counted per bucket.
public struct Buckets: Equatable, Sendable {
  /// The upper bounds, ascending, without the last one, which is infinite.
  public var bounds: [Double]
  /// The observations in each bucket, not cumulated; one more than there are bounds.
  public var counts: [UInt64]
  /// The sum of all that was observed.
  public var sum: Double

  /// Buckets of those bounds with nothing in them.
  public init(bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
    sum = 0
  }

  /// Counts one observation.
  public mutating func observe(_ value: Double) {
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count] &+= 1
    sum += value
  }

  /// The number of observations.
  public var count: UInt64 { counts.reduce(0, &+) }
}

/// One sample, with the labels that tell it from its neighbours.
public struct Sample: Equatable, Sendable {
  /// What a sample holds.
  public enum Value: Equatable, Sendable {
    case number(Double)
    case histogram(Buckets)
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
  public init(_ buckets: Buckets, _ labels: [Label] = []) {
    self.labels = labels
    value = .histogram(buckets)
  }
}

/// Samples of one name and one meaning.
public struct Family: Equatable, Sendable {
  /// The name as OpenMetrics has it: counters without `_total`.
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
