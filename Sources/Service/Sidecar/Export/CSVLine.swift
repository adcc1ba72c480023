import Bytes

/// One line of comma-separated values (RFC 4180).
struct CSVLine {
  private(set) var bytes: [UInt8] = []
  private var isFirst = true

  /// Adds a value; nothing for what is not known.
  mutating func add(_ text: String?) {
    separate()
    guard let text else { return }
    quote(text.utf8)
  }

  /// Adds JSON as it is.
  mutating func add(json: (some Collection<UInt8>)?) {
    separate()
    guard let json, !json.elementsEqual("null".utf8) else { return }
    quote(json)
  }

  /// Adds a number as JSON has it.
  mutating func add(_ number: Double?) {
    var writer = JSONWriter(capacity: 24)
    if let number { writer.number(number) }
    add(json: writer.bytes)
  }

  /// Ends the line.
  mutating func end() {
    bytes += [0x0D, 0x0A]
    isFirst = true
  }

  private mutating func separate() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
  }

  private mutating func quote(_ units: some Collection<UInt8>) {
    guard units.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else {
      bytes += units
      return
    }
    bytes.append(0x22)
    for unit in units { bytes += unit == 0x22 ? [0x22, 0x22] : [unit] }
    bytes.append(0x22)
  }
}
