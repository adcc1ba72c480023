/// Reads regular expressions, as far as PostgreSQL and others write them in the same way.
struct TextPatternReader {
  private var text: ArraySlice<UnicodeScalar>
  private var depth = 0

  private static let deepest = 32
  /// More times are none in PostgreSQL.
  private static let mostTimes = 255

  init(_ text: String) {
    self.text = Array(text.unicodeScalars)[...]
  }

  /// The expression that the whole text is; nil where it is none.
  mutating func read() -> TextExpression? {
    guard let expression = readAlternatives(), text.isEmpty else { return nil }
    return expression
  }

  private mutating func take(_ character: UnicodeScalar) -> Bool {
    guard text.first == character else { return false }
    text.removeFirst()
    return true
  }

  private mutating func readAlternatives() -> TextExpression? {
    var parts: [TextExpression] = []
    repeat {
      guard let part = readSequence() else { return nil }
      parts.append(part)
    } while take("|")
    return parts.count == 1 ? parts[0] : .either(parts)
  }

  private mutating func readSequence() -> TextExpression? {
    var parts: [TextExpression] = []
    while let next = text.first, next != "|", next != ")" {
      guard let part = readPiece() else { return nil }
      parts.append(part)
    }
    return .sequence(parts)
  }

  /// An atom and how often it comes.
  private mutating func readPiece() -> TextExpression? {
    guard let next = text.first else { return nil }
    text.removeFirst()
    switch next {
    case "^": return .begin
    case "$": return .end
    case "(": return readGroup().flatMap { readTimes($0) }
    case "[": return readClass().flatMap { readTimes(.one($0)) }
    case ".": return readTimes(.one(.any))
    case "\\": return readEscape().flatMap { readTimes(.one($0)) }
    case "*", "+", "?", "{": return nil
    default: return readTimes(.one(CharacterClass(next)))
    }
  }

  private mutating func readGroup() -> TextExpression? {
    // Of what begins so, only a group that is not kept means the same everywhere.
    if take("?"), !take(":") { return nil }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest, let inside = readAlternatives(), take(")") else { return nil }
    return inside
  }

  private mutating func readTimes(_ part: TextExpression) -> TextExpression? {
    let times: TextExpression
    switch text.first {
    case "*": times = .times(part, 0, nil)
    case "+": times = .times(part, 1, nil)
    case "?": times = .times(part, 0, 1)
    case "{":
      text.removeFirst()
      guard let counted = readCounts(part) else { return nil }
      times = counted
    default: return part
    }
    // The sign itself, or the closing brace.
    text.removeFirst()
    // Whether it takes as much as it can makes no difference to whether it is found.
    _ = take("?")
    if let next = text.first, ["*", "+", "?", "{"].contains(next) { return nil }
    return times
  }

  /// What stands between braces, up to the closing one.
  private mutating func readCounts(_ part: TextExpression) -> TextExpression? {
    guard let least = readNumber() else { return nil }
    var most: Int? = least
    if take(",") { most = text.first == "}" ? nil : readNumber() ?? -1 }
    guard text.first == "}", most.map({ $0 >= least }) ?? true else { return nil }
    return .times(part, least, most)
  }

  private mutating func readNumber() -> Int? {
    var number: Int?
    while let next = text.first, let digit = next.digit, (number ?? 0) <= Self.mostTimes {
      number = (number ?? 0) * 10 + digit
      text.removeFirst()
    }
    return number.flatMap { $0 <= Self.mostTimes ? $0 : nil }
  }

  /// What stands between brackets, with the closing one.
  private mutating func readClass() -> CharacterClass? {
    var characters = CharacterClass(ranges: [])
    characters.isInverted = take("^")
    repeat {
      guard let range = readRange() else { return nil }
      characters.ranges += range
    } while !take("]")
    return characters
  }

  private mutating func readRange() -> [ClosedRange<UInt32>]? {
    guard let first = readMember() else { return nil }
    guard text.first == "-", text.dropFirst().first != "]" else { return first }
    text.removeFirst()
    guard let last = readMember(), let low = first.single, let high = last.single, low <= high else {
      return nil
    }
    return [low...high]
  }

  private mutating func readMember() -> [ClosedRange<UInt32>]? {
    guard let next = text.first, next != "]" else { return nil }
    text.removeFirst()
    if next == "\\" { return readEscape().flatMap { $0.isInverted ? nil : $0.ranges } }
    // Classes by name begin so.
    if next == "[", let second = text.first, [":", ".", "="].contains(second) { return nil }
    return [next.value...next.value]
  }

  /// What stands behind a backslash.
  private mutating func readEscape() -> CharacterClass? {
    guard let next = text.first else { return nil }
    text.removeFirst()
    switch next {
    case "d": return .digits
    case "s": return .spaces
    case "w": return .wordParts
    case "D": return CharacterClass(ranges: CharacterClass.digits.ranges, isInverted: true)
    case "S": return CharacterClass(ranges: CharacterClass.spaces.ranges, isInverted: true)
    case "W": return CharacterClass(ranges: CharacterClass.wordParts.ranges, isInverted: true)
    case "n": return CharacterClass("\n")
    case "r": return CharacterClass("\r")
    case "t": return CharacterClass("\t")
    default: return next.isASCII && !CharacterClass.wordParts.contains(next) ? CharacterClass(next) : nil
    }
  }
}

extension [ClosedRange<UInt32>] {
  /// The one character that it is.
  fileprivate var single: UInt32? { count == 1 && self[0].count == 1 ? self[0].lowerBound : nil }
}

extension UnicodeScalar {
  /// The digit that it is.
  fileprivate var digit: Int? { (48...57).contains(value) ? Int(value) - 48 : nil }
}
