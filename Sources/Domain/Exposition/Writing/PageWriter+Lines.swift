// The lines of the two text formats, which differ in their numbers and in exemplars.

extension PageWriter {
  /// Everything before the value of a sample without a label of its own.
  mutating func startLine(_ start: LineStart, _ labels: LabelSet, _ more: LabelSet) {
    guard !(labels.isEmpty && more.isEmpty) else { return page.append(contentsOf: start.bare) }
    page.append(contentsOf: start.labelled)
    page.append(contentsOf: labels.text)
    if !(labels.isEmpty || more.isEmpty) { page.append(UInt8(ascii: ",")) }
    page.append(contentsOf: more.text)
    page.append(contentsOf: Self.endOfLabels)
  }

  /// Everything before the `le` or `quantile` of a sample, the same for all of a series.
  private func openLine(_ start: LineStart, _ labels: LabelSet, _ more: LabelSet) -> [UInt8] {
    var line = start.labelled
    for part in [labels, more] where !part.isEmpty {
      line.append(contentsOf: part.text)
      line.append(UInt8(ascii: ","))
    }
    return line
  }

  /// A bucket a line, cumulated, then sum and count.
  mutating func addLines(
    _ histogram: Histogram, _ heading: Heading, _ labels: LabelSet, _ more: LabelSet
  ) {
    let start = openLine(heading.bucket, labels, more)
    let ends =
      histogram.bounds == heading.bounds ? heading.bucketEnds : Heading.bucketEnds(histogram.bounds)
    let exemplars = histogram.exemplars(shownIn: format)
    let cumulated = histogram.cumulated
    for (bucket, end) in ends.enumerated() {
      page.append(contentsOf: start)
      page.append(contentsOf: end)
      append(count: cumulated[bucket])
      if !exemplars.isEmpty, let exemplar = exemplars[bucket] { append(exemplar) }
      page.append(UInt8(ascii: "\n"))
    }
    addTotals(sum: histogram.sum, count: cumulated[cumulated.count - 1], heading, labels, more)
  }

  /// A quantile a line, then sum and count.
  mutating func addLines(_ summary: Summary, _ heading: Heading, _ labels: LabelSet, _ more: LabelSet) {
    let start = openLine(heading.sample, labels, more)
    for quantile in summary.quantiles {
      page.append(contentsOf: start)
      page.append(contentsOf: Heading.labelEnd("quantile", quantile.quantile))
      append(value: quantile.value)
      page.append(UInt8(ascii: "\n"))
    }
    addTotals(sum: summary.sum, count: summary.count, heading, labels, more)
  }

  private mutating func addTotals(
    sum: Double, count: UInt64, _ heading: Heading, _ labels: LabelSet, _ more: LabelSet
  ) {
    startLine(heading.sum, labels, more)
    append(value: sum)
    page.append(UInt8(ascii: "\n"))
    startLine(heading.count, labels, more)
    append(count: count)
    page.append(UInt8(ascii: "\n"))
  }

  private mutating func append(value: Double) {
    if format == .openMetrics { page.append(openMetrics: value) } else { page.append(number: value) }
  }

  /// Go's text format writes counts as any number, OpenMetrics as integers.
  private mutating func append(count: UInt64) {
    if format == .openMetrics { page.append(digits: count) } else { page.append(number: Double(count)) }
  }

  /// Appends ` # {trace_id="…"} 0.67 1700000000.123`.
  private mutating func append(_ exemplar: Exemplar) {
    page.append(contentsOf: " # {".utf8)
    page.append(contentsOf: LabelSet(exemplar.labels).text)
    page.append(contentsOf: Self.endOfLabels)
    page.append(openMetrics: exemplar.value)
    guard let microseconds = exemplar.microseconds else { return }
    page.append(UInt8(ascii: " "))
    page.append(seconds: microseconds)
  }

  private static let endOfLabels: [UInt8] = Array("} ".utf8)
}

extension [UInt8] {
  /// Appends microseconds as seconds, in plain decimals: `1700000000.123`.
  fileprivate mutating func append(seconds microseconds: Int64) {
    let (whole, fraction) = microseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    append(digits: whole)
    append(UInt8(ascii: "."))
    var rest = fraction
    var unit: UInt64 = 100_000
    repeat {
      append(UInt8(truncatingIfNeeded: rest / unit) &+ UInt8(ascii: "0"))
      rest %= unit
      unit /= 10
    } while rest > 0
  }
}
