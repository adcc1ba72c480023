import Bytes
import Model

/// One line of comma-separated values (RFC 4180).
struct CSVLine {
  private(set) var bytes: [UInt8] = []
  private var isFirst = true

  /// Adds a value; nothing for what is not known.
  mutating func add(_ text: String?) {
    guard let text else { return skip() }
    add(text.utf8.span)
  }

  /// Adds a moment; nothing for one that is not known.
  mutating func add(_ moment: Timestamp?) {
    guard let digits = moment?.utf8 else { return skip() }
    add(digits.span)
  }

  /// Adds a number as JSON has it; nothing for one that is not known.
  mutating func add(_ number: Double?) {
    guard let number, number.isFinite else { return skip() }
    var writer = JSONWriter(capacity: 24)
    writer.number(number)
    add(writer.bytes.span)
  }

  /// Adds JSON as it is; nothing for null.
  mutating func add(json units: Span<UInt8>) {
    if units.count == 4, units[0] == UInt8(ascii: "n") { skip() } else { add(units) }
  }

  /// Adds text.
  mutating func add(_ units: Span<UInt8>) {
    separate()
    if Self.isPlain(units) { bytes.append(units) } else { quote(units) }
  }

  /// Leaves out a value that is not known.
  mutating func skip() { separate() }

  /// Ends the line.
  mutating func end() {
    bytes += [0x0D, 0x0A]
    isFirst = true
  }

  private mutating func separate() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
  }

  /// Whether there is nothing that would have to stand between quotes.
  private static func isPlain(_ units: Span<UInt8>) -> Bool {
    var isSpecial: UInt8 = 0
    for place in units.indices {
      let unit = units[place]
      isSpecial |=
        (unit == 0x2C ? 1 : 0) | (unit == 0x22 ? 1 : 0) | (unit == 0x0A ? 1 : 0) | (unit == 0x0D ? 1 : 0)
    }
    return isSpecial == 0
  }

  /// A quote inside is the last of one run and the first of the next, and so stands twice.
  private mutating func quote(_ units: Span<UInt8>) {
    bytes.append(0x22)
    var start = 0
    for place in units.indices where units[place] == 0x22 {
      bytes.append(units.extracting(start...place))
      start = place
    }
    bytes.append(units.extracting(start..<units.count))
    bytes.append(0x22)
  }
}
