public import Exposition

/// Something that measures, and can write what it measured as families of the catalogue.
public protocol MetricSource: Sendable {
  /// The families it fills.
  var metrics: [Metric] { get }

  /// Tells one state of the values from every other: while it stays the same, nothing is written anew.
  /// None where there is a new one with every scrape.
  var version: UInt64? { get }

  /// Adds all series of a family to a page, on which it has just been begun.
  func write(_ metric: Metric, to page: inout PageWriter)
}

/// Values that were put together as samples; for few series that is quick enough.
public struct SampleSource: MetricSource {
  /// The families it fills.
  public let metrics: [Metric]
  /// Tells one state of the values from every other.
  public let version: UInt64?
  private let samples: [Metric: [Sample]]

  /// Samples of families, in any order.
  public init(_ samples: [Metric: [Sample]], version: UInt64? = nil) {
    self.samples = samples
    self.version = version
    metrics = Array(samples.keys)
  }

  /// Families under their names; those that are not in the catalogue are not shown.
  public init(_ families: [Family], version: UInt64? = nil) {
    let named = families.compactMap { family in Metric(rawValue: family.name).map { ($0, family.samples) } }
    self.init(Dictionary(named, uniquingKeysWith: +), version: version)
  }

  /// Adds all series of a family to a page.
  public func write(_ metric: Metric, to page: inout PageWriter) {
    for sample in samples[metric] ?? [] { page.add(sample) }
  }
}
