// The messages of the protobuf format: MetricFamily { name 1, help 2, type 3, metric 4, unit 5 }, each with
// its length before it.

extension PageWriter {
  /// Puts the family that was being written on the page.
  mutating func endMessage(_ heading: Heading) {
    let length = heading.protobuf.count + metrics.count + heading.protobufEnd.count
    page.append(varint: UInt64(length))
    page.append(contentsOf: heading.protobuf)
    page.append(contentsOf: metrics)
    page.append(contentsOf: heading.protobufEnd)
    metrics.removeAll(keepingCapacity: true)
  }

  /// Metric { label 1, gauge 2 or counter 3 { value 1 } }.
  mutating func addMessage(_ value: Double, _ kind: FamilyKind, _ labels: LabelSet, _ more: LabelSet) {
    startMetric(labels, more, contentLength: 11)
    metrics.append(field: kind == .counter ? 3 : 2, length: 9)
    metrics.append(field: 1, double: value)
  }

  /// Metric { label 1, summary 4 { count 1, sum 2, quantile 3 { quantile 1, value 2 } } }.
  mutating func addMessage(_ summary: Summary, _ labels: LabelSet, _ more: LabelSet) {
    message.removeAll(keepingCapacity: true)
    message.append(field: 1, summary.count)
    message.append(field: 2, double: summary.sum)
    for quantile in summary.quantiles {
      message.append(field: 3, length: 18)
      message.append(field: 1, double: quantile.quantile)
      message.append(field: 2, double: quantile.value)
    }
    addMetric(message, field: 4, labels, more)
  }

  /// Metric { label 1, histogram 7 { count 1, sum 2, bucket 3, and the native ones } }.
  mutating func addMessage(_ histogram: Histogram, _ labels: LabelSet, _ more: LabelSet) {
    message.removeAll(keepingCapacity: true)
    let cumulated = histogram.cumulated
    let exemplars = histogram.exemplars(shownIn: .protobuf)
    let total = cumulated[cumulated.count - 1]
    message.append(field: 1, total)
    message.append(field: 2, double: histogram.sum)
    for (bucket, count) in cumulated.enumerated() {
      let bound = bucket < histogram.bounds.count ? histogram.bounds[bucket] : .infinity
      message.append(field: 3, Self.bucket(count, bound, exemplars.isEmpty ? nil : exemplars[bucket]))
    }
    if let native = histogram.native, native.count == total { message.append(native) }
    addMetric(message, field: 7, labels, more)
  }

  private mutating func addMetric(
    _ content: [UInt8], field: UInt8, _ labels: LabelSet, _ more: LabelSet
  ) {
    let length = 1 + content.count.varintLength + content.count
    startMetric(labels, more, contentLength: length)
    metrics.append(field: field, content)
  }

  private mutating func startMetric(_ labels: LabelSet, _ more: LabelSet, contentLength: Int) {
    metrics.append(field: 4, length: labels.protobuf.count + more.protobuf.count + contentLength)
    metrics.append(contentsOf: labels.protobuf)
    metrics.append(contentsOf: more.protobuf)
  }

  /// Bucket { cumulative_count 1, upper_bound 2, exemplar 3 }.
  private static func bucket(_ cumulative: UInt64, _ bound: Double, _ exemplar: Exemplar?) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(20)
    bytes.append(field: 1, cumulative)
    bytes.append(field: 2, double: bound)
    if let exemplar { bytes.append(field: 3, Self.bytes(exemplar)) }
    return bytes
  }

  /// Exemplar { label 1, value 2, timestamp 3 { seconds 1, nanos 2 } }.
  private static func bytes(_ exemplar: Exemplar) -> [UInt8] {
    var bytes = LabelSet(exemplar.labels).protobuf
    bytes.append(field: 2, double: exemplar.value)
    guard let microseconds = exemplar.microseconds else { return bytes }
    let (seconds, rest) = microseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    var timestamp: [UInt8] = []
    timestamp.append(field: 1, seconds)
    timestamp.append(field: 2, rest * 1000)
    bytes.append(field: 3, timestamp)
    return bytes
  }
}

extension [UInt8] {
  /// Histogram { schema 5, zero_threshold 6, zero_count 7, positive_span 12, positive_delta 13 }.
  fileprivate mutating func append(_ native: NativeHistogram) {
    append(field: 5, zigzag: Int64(native.schema))
    append(field: 6, double: NativeHistogram.zeroThreshold)
    append(field: 7, native.zeroCount)
    let spans = NativeSpans(native.buckets)
    for span in spans.spans {
      var bytes: [UInt8] = []
      bytes.append(field: 1, zigzag: Int64(span.offset))
      bytes.append(field: 2, UInt64(span.length))
      append(field: 12, bytes)
    }
    guard !spans.deltas.isEmpty else { return }
    var deltas: [UInt8] = []
    for delta in spans.deltas { deltas.append(zigzag: delta) }
    append(field: 13, deltas)
  }
}

extension Int {
  /// How many bytes this length takes as a varint.
  fileprivate var varintLength: Int {
    var length = 1
    var rest = self >> 7
    while rest > 0 {
      length += 1
      rest >>= 7
    }
    return length
  }
}
