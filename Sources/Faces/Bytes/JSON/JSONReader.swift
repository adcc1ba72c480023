/// Reads JSON (RFC 8259) into values, strictly, and says what is wrong and where.
///
/// It trusts nothing: depth and number of values are bounded, and so are its stack and its memory.
public struct JSONReader {
  private enum Step {
    case name(String)
    case index(Int)
  }

  private let bytes: [UInt8]
  private let deepest: Int
  private var left: Int
  private var at = 0
  private var path: [Step] = []

  /// A reader of values nested no deeper than `deepest`, no more than `mostValues` of them.
  public init(_ bytes: [UInt8], deepest: Int = 64, mostValues: Int = .max) {
    self.bytes = bytes
    self.deepest = deepest
    left = mostValues
  }

  /// The one value that the text is.
  public mutating func document() throws(JSONFault) -> JSONValue {
    let value = try value()
    skipSpace()
    guard at == bytes.count else { throw fault("nothing may follow the value") }
    return value
  }

  private mutating func value() throws(JSONFault) -> JSONValue {
    skipSpace()
    guard left > 0 else { throw fault(.tooMany, "there are more values than are taken") }
    left -= 1
    switch next {
    case UInt8(ascii: "{"): return .object(try object())
    case UInt8(ascii: "["): return .array(try array())
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw fault("the text ends too early")
    default: return .number(try number())
    }
  }

  private mutating func object() throws(JSONFault) -> JSONObject {
    var members: [JSONObject.Member] = []
    var names: Set<[UInt8]> = []
    try open()
    while try hasMore(UInt8(ascii: "}"), isFirst: members.isEmpty) {
      guard next == UInt8(ascii: "\"") else { throw fault("a name in double quotes belongs here") }
      let name = try text()
      path.append(.name(name))
      guard names.insert(Array(name.utf8)).inserted else {
        throw fault(.duplicateName, "the same name stands twice in this object; send it once")
      }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw fault("a colon belongs here") }
      members.append(JSONObject.Member(name, try value()))
      path.removeLast()
    }
    return JSONObject(members)
  }

  private mutating func array() throws(JSONFault) -> [JSONValue] {
    var elements: [JSONValue] = []
    try open()
    while try hasMore(UInt8(ascii: "]"), isFirst: elements.isEmpty) {
      path.append(.index(elements.count))
      elements.append(try value())
      path.removeLast()
    }
    return elements
  }

  private mutating func open() throws(JSONFault) {
    guard path.count < deepest else {
      throw fault(.tooDeep, "objects and lists stand within one another more than \(deepest) deep")
    }
    at += 1
  }

  /// Steps over the comma before a further part, or over the bracket behind the last.
  private mutating func hasMore(_ close: UInt8, isFirst: Bool) throws(JSONFault) -> Bool {
    skipSpace()
    if take(close) { return false }
    guard !isFirst else { return true }
    guard take(UInt8(ascii: ",")) else {
      throw fault(
        next == nil ? "the text ends too early" : "a comma or \(Character(UnicodeScalar(close))) belongs here"
      )
    }
    skipSpace()
    return true
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONFault) -> JSONValue {
    for letter in word.utf8 {
      guard take(letter) else { throw fault("only true, false and null stand without quotes") }
    }
    return value
  }
}

// MARK: scalars

extension JSONReader {
  private mutating func number() throws(JSONFault) -> JSONNumber {
    let start = at
    _ = take(UInt8(ascii: "-"))
    let isWhole = take(UInt8(ascii: "0")) || digits()
    let hasFraction = !take(UInt8(ascii: ".")) || digits()
    var hasExponent = true
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
      hasExponent = digits()
    }
    guard isWhole, hasFraction, hasExponent else {
      at = start
      throw fault(
        "a value belongs here: text in double quotes, a number, true, false, null, a list or an object")
    }
    let number = JSONNumber(unchecked: String(decoding: bytes[start..<at], as: UTF8.self))
    guard number.double != nil else { throw fault("this number is too large to be kept") }
    return number
  }

  private mutating func digits() -> Bool {
    let start = at
    while let byte = next, byte &- UInt8(ascii: "0") <= 9 { at += 1 }
    return at > start
  }

  private mutating func text() throws(JSONFault) -> String {
    let start = at + 1
    at = start
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { at += 1 }
    var units = bytes[start..<at]
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw fault("a control character within a string must be escaped") }
      at += 1
      if byte == UInt8(ascii: "\\") {
        units.append(contentsOf: String(try escape()).utf8)
      } else {
        units.append(byte)
      }
    }
    guard take(UInt8(ascii: "\"")) else { throw fault("a string is not closed") }
    guard let text = String(validating: units, as: UTF8.self) else {
      throw fault(.text, "this is not UTF-8; send the text in UTF-8")
    }
    return text
  }

  private mutating func escape() throws(JSONFault) -> UnicodeScalar {
    let letter = next
    at += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UnicodeScalar(letter ?? 0)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try codePoint()
    default: throw fault("this escape is none that JSON knows")
    }
  }

  private mutating func codePoint() throws(JSONFault) -> UnicodeScalar {
    let high = try hexadecimal()
    if let scalar = UnicodeScalar(high) { return scalar }
    if high < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
      let low = try hexadecimal()
      if (0xDC00..<0xE000).contains(low),
        let scalar = UnicodeScalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
      {
        return scalar
      }
    }
    throw fault(.text, "half of a surrogate pair is no character; send both halves or UTF-8")
  }

  private mutating func hexadecimal() throws(JSONFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else {
        throw fault("this escape is none that JSON knows")
      }
      value = value << 4 | UInt32(digit)
      at += 1
    }
    return value
  }
}

// MARK: steps

extension JSONReader {
  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    at += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
  }

  private func fault(_ message: String) -> JSONFault { fault(.syntax, message) }

  private func fault(_ kind: JSONFault.Kind, _ message: String) -> JSONFault {
    let pointer = path.reduce("") { pointer, step in
      switch step {
      case .name(let name): JSONPointer.to(name, in: pointer)
      case .index(let index): JSONPointer.to(index, in: pointer)
      }
    }
    return JSONFault(kind: kind, offset: min(at, bytes.count), pointer: pointer, message: message)
  }
}
