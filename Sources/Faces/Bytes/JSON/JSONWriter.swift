/// Writes JSON text piece by piece; the caller gives the shape, the writer commas and escapes.
public struct JSONWriter: Sendable {
  /// Which characters of a string are written as escapes.
  public enum Escaping: Sendable {
    /// Those that must be.
    case least
    /// Also `<`, `>`, `&` and the two line separators, and short forms for line ends and tabs, as Go writes.
    case likeGo
  }

  /// What has been written so far.
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false
  private let escaping: Escaping

  /// An empty writer with room for `capacity` bytes.
  public init(capacity: Int = 256, escaping: Escaping = .least) {
    self.escaping = escaping
    bytes.reserveCapacity(capacity)
  }

  /// An object; `body` writes its members.
  public mutating func object(_ body: (inout Self) -> Void) {
    nest("{", "}", body)
  }

  /// An array; `body` writes its elements.
  public mutating func array(_ body: (inout Self) -> Void) {
    nest("[", "]", body)
  }

  /// An array with an element for each of `values`.
  public mutating func array<Values: Sequence>(_ values: Values, _ body: (inout Self, Values.Element) -> Void)
  {
    array { writer in for value in values { body(&writer, value) } }
  }

  /// The key of a member; its value is to follow.
  public mutating func key(_ name: String) {
    text(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// A string.
  public mutating func text(_ value: String) {
    separate()
    switch escaping {
    case .least: quote(value.utf8.span)
    case .likeGo: quoteLikeGo(value)
    }
  }

  /// A string whose UTF-8 is at hand, with no escapes but those that must be.
  public mutating func text(utf8 value: Span<UInt8>) {
    separate()
    quote(value)
  }

  /// An object that is JSON already, to which members are added.
  public mutating func object(extending json: Span<UInt8>, _ body: (inout Self) -> Void) {
    separate()
    var end = json.count
    while end > 0, json[end - 1] != UInt8(ascii: "}") { end -= 1 }
    let members = json.extracting(0..<max(0, end - 1))
    bytes.append(members)
    // Spaces and the opening brace alone: then there is nothing to put a comma behind.
    needsComma = members.indices.contains { members[$0] != UInt8(ascii: "{") && members[$0] > 32 }
    body(&self)
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  /// A document on a line of its own.
  ///
  /// What is taken as it is may have line ends of its own between its parts, and only there: they become spaces.
  public mutating func line(_ body: (inout Self) -> Void) {
    let start = bytes.count
    body(&self)
    if Self.hasLineEnds(bytes.span, from: start) {
      for place in start..<bytes.count where bytes[place] == 10 || bytes[place] == 13 { bytes[place] = 32 }
    }
    bytes.append(10)
    needsComma = false
  }

  /// A whole number.
  public mutating func integer(_ value: some BinaryInteger) {
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  /// A number; JSON has no word for what is not finite, so that is null.
  public mutating func number(_ value: Double) {
    separate()
    bytes.append(contentsOf: (value.isFinite ? Self.digits(value) : "null").utf8)
  }

  /// True or false.
  public mutating func flag(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// Null.
  public mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  /// JSON text as it is.
  public mutating func raw(_ json: Span<UInt8>) {
    separate()
    bytes.append(json)
  }

  /// JSON text as it is.
  public mutating func raw(_ json: some Collection<UInt8>) {
    separate()
    bytes.append(contentsOf: json)
  }

  private static func digits(_ value: Double) -> String {
    if let whole = Int64(exactly: value), value.magnitude < 1e15 { return String(whole) }
    return value.description
  }

  private mutating func nest(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout Self) -> Void) {
    separate()
    bytes.append(UInt8(ascii: open))
    needsComma = false
    body(&self)
    bytes.append(UInt8(ascii: close))
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func quote(_ units: Span<UInt8>) {
    if Self.isPlain(units) {
      bytes.append(UInt8(ascii: "\""), units, UInt8(ascii: "\""))
    } else {
      bytes.append(UInt8(ascii: "\""))
      escape(units)
      bytes.append(UInt8(ascii: "\""))
    }
  }

  /// Whether there is nothing to escape: so it is with most texts, which are seen through at one glance.
  private static func isPlain(_ units: borrowing Span<UInt8>) -> Bool {
    var isPlain: UInt8 = 1
    for place in units.indices {
      let unit = units[place]
      isPlain &=
        (unit >= 32 ? 1 : 0) & (unit != UInt8(ascii: "\"") ? 1 : 0) & (unit != UInt8(ascii: "\\") ? 1 : 0)
    }
    return isPlain == 1
  }

  private static func hasLineEnds(_ units: borrowing Span<UInt8>, from start: Int) -> Bool {
    var found: UInt8 = 0
    for place in start..<units.count { found |= (units[place] == 10 ? 1 : 0) | (units[place] == 13 ? 1 : 0) }
    return found == 1
  }

  private mutating func escape(_ units: Span<UInt8>) {
    for place in units.indices {
      let unit = units[place]
      switch unit {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(unit)
      case 0..<32:
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(Self.hexDigits[Int(unit >> 4)])
        bytes.append(Self.hexDigits[Int(unit & 15)])
      default: bytes.append(unit)
      }
    }
  }

  private mutating func quoteLikeGo(_ value: String) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": bytes += "\\\"".utf8
      case "\\": bytes += "\\\\".utf8
      case "\n": bytes += "\\n".utf8
      case "\r": bytes += "\\r".utf8
      case "\t": bytes += "\\t".utf8
      case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        bytes += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
      default: bytes += String(scalar).utf8
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static let hexDigits = Array("0123456789abcdef".utf8)
}

extension JSONWriter {
  /// A member, null where the fact is unknown.
  public mutating func member(_ name: String, _ value: String?) {
    key(name)
    if let value { text(value) } else { null() }
  }

  /// A member, null where the fact is unknown.
  public mutating func member(_ name: String, _ value: (some BinaryInteger)?) {
    key(name)
    if let value { integer(value) } else { null() }
  }

  /// A member, null where the fact is unknown.
  public mutating func member(_ name: String, _ value: Double?) {
    key(name)
    if let value { number(value) } else { null() }
  }

  /// A member that is an object of texts.
  public mutating func member(_ name: String, _ values: [String: String]) {
    key(name)
    texts(values)
  }

  /// An object of texts, in the order of their names.
  public mutating func texts(_ values: [String: String]) {
    object { writer in
      for (name, value) in values.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
    }
  }

  /// A member that is true or false.
  public mutating func member(_ name: String, flag value: Bool) {
    key(name)
    flag(value)
  }

  /// A member of JSON as it is, null where there is none.
  public mutating func member(_ name: String, raw json: (some Collection<UInt8>)?) {
    key(name)
    if let json { raw(json) } else { null() }
  }
}
