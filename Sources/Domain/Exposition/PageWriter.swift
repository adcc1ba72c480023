// A page of metrics is written family by family: a heading, rendered once and for all, then a line (or a
// message) for each series, of labels rendered once and a value. Nothing but digits is made anew, so that
// a scrape of thousands of series costs little more than copying them.
//
//   writer.begin(heading)                       HELP, TYPE, UNIT
//   writer.add(3, agent, outcome)               name{to_agent="coder",outcome="failed"} 3
//   writer.add(histogram, agent)                buckets, sum, count; in protobuf native buckets too
//   writer.finish()                             # EOF, where the format has it
//
// Written bytes may be kept and put on later pages with `append(written:)` while what they show has not
// changed.

/// A page in the making.
public struct PageWriter: Sendable {
  /// The format it is written in.
  public let format: Format
  /// The page so far, without the family that is being written in protobuf.
  var page: [UInt8] = []
  /// The metrics of the family that is being written in protobuf: their length goes before them.
  var metrics: [UInt8] = []
  /// The message of one histogram or summary: its length goes before it.
  var message: [UInt8] = []
  /// The family that is being written.
  private(set) var heading: Heading?

  /// An empty page, with room for as many bytes.
  public init(_ format: Format, reserving capacity: Int = 0) {
    self.format = format
    page.reserveCapacity(capacity)
  }

  /// The families, in their order, as one page.
  public static func page(_ families: [Family], _ format: Format) -> [UInt8] {
    var writer = Self(format)
    for family in families { writer.write(family) }
    return writer.finish()
  }

  /// Begins a family; each is written once, with all its series.
  public mutating func begin(_ heading: Heading) {
    endFamily()
    self.heading = heading
    switch format {
    case .text: page.append(contentsOf: heading.text)
    case .openMetrics: page.append(contentsOf: heading.openMetrics)
    case .protobuf: break
    }
  }

  /// Writes a counter, a gauge, or an info, with labels in two parts, either of which may be empty.
  public mutating func add(_ value: Double, _ labels: LabelSet = .none, _ more: LabelSet = .none) {
    guard let heading else { return }
    switch format {
    case .text:
      startLine(heading.sample, labels, more)
      page.append(number: value)
      page.append(UInt8(ascii: "\n"))
    case .openMetrics:
      startLine(heading.sample, labels, more)
      if heading.kind == .info { page.append(number: value) } else { page.append(openMetrics: value) }
      page.append(UInt8(ascii: "\n"))
    case .protobuf: addMessage(value, heading.kind, labels, more)
    }
  }

  /// Writes a count.
  public mutating func add(count: UInt64, _ labels: LabelSet = .none, _ more: LabelSet = .none) {
    add(Double(count), labels, more)
  }

  /// Writes a histogram.
  public mutating func add(_ histogram: Histogram, _ labels: LabelSet = .none, _ more: LabelSet = .none) {
    guard let heading else { return }
    switch format {
    case .text, .openMetrics: addLines(histogram, heading, labels, more)
    case .protobuf: addMessage(histogram, labels, more)
    }
  }

  /// Writes a summary.
  public mutating func add(_ summary: Summary, _ labels: LabelSet = .none, _ more: LabelSet = .none) {
    guard let heading else { return }
    switch format {
    case .text, .openMetrics: addLines(summary, heading, labels, more)
    case .protobuf: addMessage(summary, labels, more)
    }
  }

  /// Writes a family with its samples.
  public mutating func write(_ family: Family) {
    begin(Heading(family.name, family.kind, family.help))
    for sample in family.samples { add(sample) }
  }

  /// Writes a sample, whatever it holds.
  public mutating func add(_ sample: Sample) {
    let labels = LabelSet(sample.labels)
    switch sample.value {
    case .number(let number): add(number, labels)
    case .histogram(let histogram): add(histogram, labels)
    case .summary(let summary): add(summary, labels)
    }
  }

  /// Puts in families that were written before, in the same format.
  public mutating func append(written families: [UInt8]) {
    endFamily()
    page.append(contentsOf: families)
  }

  /// The families written so far, to be kept and appended to a page later.
  public mutating func written() -> [UInt8] {
    endFamily()
    return page
  }

  /// The whole page.
  public mutating func finish() -> [UInt8] {
    endFamily()
    if format == .openMetrics { page.append(contentsOf: "# EOF\n".utf8) }
    return page
  }

  private mutating func endFamily() {
    if format == .protobuf, let heading { endMessage(heading) }
    heading = nil
  }
}
