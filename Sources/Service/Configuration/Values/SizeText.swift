import Wording

/// Numbers of bytes as people write them: `64KiB`, `8MiB`, `2GiB`; also decimal `MB` and plain `B`.
enum SizeText {
  private static let units: [(name: String, bytes: Int)] = [
    ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000), ("kB", 1_000),
    ("B", 1),
  ]

  /// Reads a size.
  static func read(_ text: String) throws(ValueFault) -> Int {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let letters = text.dropFirst(digits.count).drop { $0 == " " }
    guard let number = Int(digits), let unit = units.first(where: { $0.name == letters }) else {
      throw ValueFault("it is not a size", hint: "write a number and a unit, such as 64KiB, 8MiB or 2GiB")
    }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
    guard !overflow else { throw ValueFault("it is too large") }
    return bytes
  }

  /// Writes a size in the largest binary unit that is exact.
  static func show(_ bytes: Int) -> String {
    let unit = units.prefix(4).first { bytes >= $0.bytes && bytes % $0.bytes == 0 } ?? ("B", 1)
    return "\(bytes / unit.bytes)\(unit.name)"
  }
}

extension ValueForm where Value == Int {
  /// A number of bytes within a range.
  static func size(_ range: ClosedRange<Int>) -> ValueForm {
    ranged(range, "SIZE", "size", read: SizeText.read, show: SizeText.show)
  }
}
