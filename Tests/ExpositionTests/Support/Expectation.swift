@testable import Exposition

/// What a reader should find of a family, worked out from its values alone.
struct Expectation {
  private(set) var family: ReadFamily
  private let format: Format

  init(_ family: Family, _ format: Format) {
    let suffix = family.kind == .counter ? "_total" : family.kind == .info ? "_info" : ""
    let type = family.kind == .info && format != .openMetrics ? "gauge" : family.kind.rawValue
    let unit = ["seconds", "bytes", "ratio"].first { family.name.hasSuffix("_\($0)") && family.kind != .info }
    self.format = format
    self.family = ReadFamily(
      name: family.name + (format == .openMetrics ? "" : suffix), type: type, help: family.help,
      unit: format == .text ? "" : unit ?? "")
    for sample in family.samples { add(sample, family.name, suffix) }
  }

  private mutating func add(_ sample: Sample, _ name: String, _ suffix: String) {
    let labels = sample.labels.map { "\($0.name)=\($0.value)" }
    switch sample.value {
    case .number(let number): add(name + suffix, labels, number)
    case .summary(let summary):
      for quantile in summary.quantiles {
        add(name, labels + ["quantile=\(quantile.quantile)"], quantile.value)
      }
      addTotals(name, labels, summary.sum, Double(summary.count))
    case .histogram(let histogram): add(histogram, name, labels)
    }
  }

  private mutating func add(_ histogram: Histogram, _ name: String, _ labels: [String]) {
    let shown = shownBuckets(histogram)
    for bucket in histogram.counts.indices {
      let bound = bucket < histogram.bounds.count ? histogram.bounds[bucket] : .infinity
      var le: [UInt8] = []
      le.append(openMetrics: bound)
      let exemplar = shown.contains(bucket) ? histogram.exemplars[bucket] : nil
      let cumulative = histogram.counts[...bucket].reduce(0, +)
      add(
        name + "_bucket", labels + ["le=\(String(decoding: le, as: UTF8.self))"], Double(cumulative),
        exemplar.map(Self.text))
    }
    addTotals(name, labels, histogram.sum, Double(histogram.count))
  }

  /// The buckets whose exemplars are shown: that of the newest and, in OpenMetrics, the highest.
  private func shownBuckets(_ histogram: Histogram) -> Set<Int> {
    let told = histogram.exemplars.indices.filter { histogram.exemplars[$0] != nil }
    guard format != .text, let highest = told.last else { return [] }
    func time(_ bucket: Int) -> Int64 { histogram.exemplars[bucket]?.microseconds ?? 0 }
    let newest = told.map(time).max()
    let first = told.filter { time($0) == newest }.prefix(1)
    return Set(format == .openMetrics ? first + [highest] : Array(first))
  }

  private mutating func addTotals(_ name: String, _ labels: [String], _ sum: Double, _ count: Double) {
    add(name + "_sum", labels, sum)
    add(name + "_count", labels, count)
  }

  private mutating func add(_ name: String, _ labels: [String], _ value: Double, _ exemplar: String? = nil) {
    family.samples.append(ReadSample(name: name, labels: labels, value: value, exemplar: exemplar))
  }

  /// An exemplar as OpenMetrics has it.
  static func text(_ exemplar: Exemplar) -> String {
    var value: [UInt8] = []
    value.append(openMetrics: exemplar.value)
    let labels = exemplar.labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",")
    let text = "{\(labels)} \(String(decoding: value, as: UTF8.self))"
    guard let microseconds = exemplar.microseconds else { return text }
    var fraction = String(microseconds % 1_000_000 + 1_000_000).dropFirst()
    while fraction.count > 1, fraction.hasSuffix("0") { fraction = fraction.dropLast() }
    return "\(text) \(microseconds / 1_000_000).\(fraction)"
  }
}
