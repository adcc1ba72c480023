/// Writes JSON as Go does, because receivers of Alertmanager's messages have only ever seen that.
struct JSONText {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  mutating func object(_ body: (inout Self) -> Void) { nest("{", "}", body) }

  mutating func array<Values: Sequence>(_ values: Values, _ body: (inout Self, Values.Element) -> Void) {
    nest("[", "]") { text in for value in values { body(&text, value) } }
  }

  mutating func key(_ name: String) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  mutating func member(_ name: String, _ value: String) {
    key(name)
    string(value)
  }

  mutating func member(_ name: String, number value: Int) {
    key(name)
    separate()
    bytes += String(value).utf8
  }

  mutating func member(_ name: String, flag value: Bool) {
    key(name)
    separate()
    bytes += (value ? "true" : "false").utf8
  }

  /// A mapping in the order of its keys.
  mutating func member(_ name: String, _ values: [String: String]) {
    key(name)
    object { text in for (key, value) in values.sorted(by: { $0.key < $1.key }) { text.member(key, value) } }
  }

  mutating func string(_ value: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    for scalar in value.unicodeScalars { append(scalar) }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": bytes += "\\\"".utf8
    case "\\": bytes += "\\\\".utf8
    case "\n": bytes += "\\n".utf8
    case "\r": bytes += "\\r".utf8
    case "\t": bytes += "\\t".utf8
    case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..<"\u{20}": appendEscape(scalar)
    default: bytes += String(scalar).utf8
    }
  }

  private mutating func appendEscape(_ scalar: Unicode.Scalar) {
    let digits = String(scalar.value, radix: 16)
    bytes += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
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
}
