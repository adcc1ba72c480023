/// What is the same on every page about a family, rendered once: names, help and type in each format, and
/// the `le` and `quantile` labels.
public final class Heading: Sendable {
  /// The name as OpenMetrics has it: counters without `_total`, info without `_info`.
  public let name: String
  /// How the samples are to be understood.
  public let kind: FamilyKind
  /// What it means, in one sentence.
  public let help: String
  /// The upper bounds of a histogram's buckets, without the infinite one.
  public let bounds: [Double]
  /// The name its samples begin with: with `_total` and `_info`, where OpenMetrics leaves them out.
  public let sampleName: String
  /// The unit its values are in, where the name ends in one.
  public let unit: String?

  let text: [UInt8]
  let openMetrics: [UInt8]
  let protobuf: [UInt8]
  let protobufEnd: [UInt8]
  let sample: LineStart
  let bucket: LineStart
  let sum: LineStart
  let count: LineStart
  let bucketEnds: [[UInt8]]

  /// The heading of a family.
  public init(_ name: String, _ kind: FamilyKind, _ help: String, bounds: [Double] = []) {
    self.name = name
    self.kind = kind
    self.help = Escaping.withoutReturns(help)
    self.bounds = bounds
    sampleName = name + Self.suffix(kind)
    unit = kind == .info ? nil : ["seconds", "bytes", "ratio"].first { name.hasSuffix("_" + $0) }
    text = Self.text(sampleName, kind, self.help)
    openMetrics = Self.openMetrics(name, kind, self.help, unit)
    protobuf = Self.protobuf(sampleName, kind, self.help)
    var end: [UInt8] = []
    if let unit { end.append(field: 5, unit) }
    protobufEnd = end
    sample = LineStart(sampleName)
    bucket = LineStart(name + "_bucket")
    sum = LineStart(name + "_sum")
    count = LineStart(name + "_count")
    bucketEnds = Self.bucketEnds(bounds)
  }

  private static func suffix(_ kind: FamilyKind) -> String {
    switch kind {
    case .counter: "_total"
    case .info: "_info"
    case .gauge, .histogram, .summary: ""
    }
  }

  private static func text(_ name: String, _ kind: FamilyKind, _ help: String) -> [UInt8] {
    var bytes = Array("# HELP \(name) ".utf8)
    Escaping.append(help, quotes: false, to: &bytes)
    let type = kind == .info ? FamilyKind.gauge : kind
    bytes.append(contentsOf: "\n# TYPE \(name) \(type.rawValue)\n".utf8)
    return bytes
  }

  private static func openMetrics(_ name: String, _ kind: FamilyKind, _ help: String, _ unit: String?)
    -> [UInt8]
  {
    var bytes = Array("# TYPE \(name) \(kind.rawValue)\n".utf8)
    if let unit { bytes.append(contentsOf: "# UNIT \(name) \(unit)\n".utf8) }
    bytes.append(contentsOf: "# HELP \(name) ".utf8)
    Escaping.append(help, quotes: true, to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  private static func protobuf(_ name: String, _ kind: FamilyKind, _ help: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(field: 1, name)
    bytes.append(field: 2, help)
    switch kind {
    case .counter: bytes.append(field: 3, 0 as UInt64)
    case .gauge, .info: bytes.append(field: 3, 1)
    case .summary: bytes.append(field: 3, 2)
    case .histogram: bytes.append(field: 3, 4)
    }
    return bytes
  }

  /// What follows the other labels on the line of each bucket.
  static func bucketEnds(_ bounds: [Double]) -> [[UInt8]] {
    (bounds + [.infinity]).map { labelEnd("le", $0) }
  }

  /// A label whose value is a number, and the end of the labels: `le="1.0"} `.
  static func labelEnd(_ name: String, _ value: Double) -> [UInt8] {
    var bytes = Array("\(name)=\"".utf8)
    bytes.append(openMetrics: value)
    bytes.append(contentsOf: "\"} ".utf8)
    return bytes
  }
}

/// The beginning of a sample's line.
struct LineStart: Sendable {
  /// Where labels follow: `name{`.
  let labelled: [UInt8]
  /// Where the value follows: `name `.
  let bare: [UInt8]

  init(_ name: String) {
    labelled = Array("\(name){".utf8)
    bare = Array("\(name) ".utf8)
  }
}
