/// The text exposition format 0.0.4.
public struct TextFormat: Sendable {
  /// The media type to answer with.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  private var output: [UInt8] = []

  private init() {}

  /// The families, in their order, as one page.
  public static func page(_ families: [Family]) -> [UInt8] {
    var format = Self()
    for family in families { format.write(family) }
    return format.output
  }

  private mutating func write(_ family: Family) {
    let name = family.kind == .counter ? family.name + "_total" : family.name
    write("# HELP \(name) ")
    writeHelp(family.help)
    write("\n# TYPE \(name) \(family.kind.rawValue)\n")
    for sample in family.samples {
      switch sample.value {
      case .number(let number): writeLine(name, sample.labels, number)
      case .histogram(let buckets): write(buckets, name, sample.labels)
      }
    }
  }

  private mutating func write(_ buckets: Buckets, _ name: String, _ labels: [Label]) {
    var cumulative: UInt64 = 0
    for (bound, count) in zip(buckets.bounds + [.infinity], buckets.counts) {
      cumulative &+= count
      writeLine(name + "_bucket", labels + [Label("le", Number.bound(bound))], Double(cumulative))
    }
    writeLine(name + "_sum", labels, buckets.sum)
    writeLine(name + "_count", labels, Double(cumulative))
  }

  private mutating func writeLine(_ name: String, _ labels: [Label], _ value: Double) {
    write(name)
    if !labels.isEmpty {
      write("{")
      for (position, label) in labels.enumerated() {
        write("\(position == 0 ? "" : ",")\(label.name)=\"")
        writeValue(label.value)
        write("\"")
      }
      write("}")
    }
    write(" \(Number.text(value))\n")
  }

  private mutating func write(_ text: String) { output.append(contentsOf: text.utf8) }

  /// Label values escape backslash, quote and line feed; everything else is raw UTF-8.
  private mutating func writeValue(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): write("\\\\")
      case UInt8(ascii: "\""): write("\\\"")
      case UInt8(ascii: "\n"): write("\\n")
      default: output.append(byte)
      }
    }
  }

  /// Help texts escape backslash and line feed only.
  private mutating func writeHelp(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): write("\\\\")
      case UInt8(ascii: "\n"): write("\\n")
      default: output.append(byte)
      }
    }
  }
}
