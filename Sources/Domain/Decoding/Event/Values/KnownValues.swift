import Hashing
import Model

/// Values that are known by name: each must be what its rule says.
extension EventReader {
  /// The most that a count (attempts, hops, receivers) may be.
  static let largestCount = Int64(Int32.max)
  /// The most that a quantity (bytes, tokens, references) or a measure may be.
  static let largestQuantity: Int64 = 1_000_000_000_000

  /// Reads the value of a known member; null says as much as leaving it out.
  mutating func known(
    _ use: FieldUse, _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ room: Int
  ) throws(Interruption) -> Hash128 {
    let byte = try tokens.peek(text, index, at)
    if byte == UInt8(ascii: "n") {
      guard try tokens.literal(text, index, at) == .null else { throw mismatch(.text, byte, index, at) }
      if use.rule.isAttributes { draft.nullAttributes = at }
      at += 1
      return ContentHash.null
    }
    switch use.rule {
    case .identifier, .key:
      return try string(use, text, index, &at, byte, longest: settings.longestName)
    case .name: return try string(use, text, index, &at, byte, longest: settings.longestName)
    case .text: return try string(use, text, index, &at, byte, longest: settings.longestText)
    case .type: return try type(text, index, &at, byte)
    case .occurredAt: return try occurredAt(text, index, &at, byte)
    case .count: return try whole(use, text, index, &at, byte, most: Self.largestCount)
    case .quantity: return try whole(use, text, index, &at, byte, most: Self.largestQuantity)
    case .schemaVersion: return try schemaVersion(text, index, &at, byte)
    case .object(let shape): return try knownObject(use, shape, text, index, &at, byte, room - 1)
    default: return try knownOther(use, text, index, &at, byte, room)
    }
  }

  private mutating func knownOther(
    _ use: FieldUse, _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ byte: UInt8, _ room: Int
  ) throws(Interruption) -> Hash128 {
    let isText = byte == Byte.quote
    switch use.rule {
    case .textOrAny where isText:
      return try string(use, text, index, &at, byte, longest: settings.longestText)
    case .nameOrNumber where isText:
      return try string(use, text, index, &at, byte, longest: settings.longestName)
    case .nameOrNumber, .measure:
      let expected: Expected = use.rule.isMeasure ? .number : .textOrNumber
      return try measure(use, text, index, &at, byte, expected)
    case .time: return try time(use, text, index, &at, byte)
    case .boolean:
      guard byte == UInt8(ascii: "t") || byte == UInt8(ascii: "f") else {
        throw mismatch(.boolean, byte, index, at)
      }
      return try value(text, index, &at, room - 1)
    case .strings, .receivers: return try strings(use, text, index, &at, byte, room - 1)
    case .list:
      guard byte == Byte.openBracket else { throw mismatch(.list, byte, index, at) }
      return try value(text, index, &at, room - 1)
    case .attributes: return try attributes(text, index, &at, byte, room - 1)
    case .turnText:
      let start = Int(index[at])
      let hash = try value(text, index, &at, room - 1)
      turnTexts.append(start..<valueEnd(text, index, at))
      return hash
    default:
      let start = Int(index[at])
      let hash = try value(text, index, &at, room - 1)
      note(use.fact, .json, start..<valueEnd(text, index, at))
      return hash
    }
  }

  /// The kind of value that stands where another belongs; or that there is none at all.
  func mismatch(_ expected: Expected, _ byte: UInt8, _ index: Span<UInt32>, _ at: Int) -> Interruption {
    let found = Kind(byte)
    guard found != .nothing else { return .syntax(.value, at: Int(index[at])) }
    return .event(EventFault(.invalidType, .token(at), .expected(expected, found)))
  }

  /// Where the value before the token `at` ends.
  func valueEnd(_ text: Span<UInt8>, _ index: Span<UInt32>, _ at: Int) -> Int {
    var end = Int(index[at])
    while end > 0, Byte.isWhite(text[end - 1]) { end -= 1 }
    return end
  }

  @inline(__always)
  mutating func note(_ fact: FactID?, _ form: FactForm, _ range: Range<Int>) {
    if let fact { frame.note(fact, form, inText: range) }
  }

  mutating func note(_ fact: FactID?, _ form: FactForm, inTail value: some Collection<UInt8>) {
    if let fact { frame.note(fact, form, value: value) }
  }

  private mutating func knownObject(
    _ use: FieldUse, _ shape: Shape, _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int,
    _ byte: UInt8, _ room: Int
  ) throws(Interruption) -> Hash128 {
    guard byte == Byte.openBrace else { throw mismatch(.object, byte, index, at) }
    let start = Int(index[at])
    // The head of a whole goes before its parts.
    let head = frame.count
    note(use.fact, .json, start..<start)
    let hash = try object(shape, text, index, &at, room)
    if use.fact != nil { frame.end(head, at: Int(index[at - 1]) + 1) }
    return hash
  }

  private mutating func attributes(
    _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ byte: UInt8, _ room: Int
  ) throws(Interruption) -> Hash128 {
    guard byte == Byte.openBrace else { throw mismatch(.object, byte, index, at) }
    draft.attributes = at
    let token = at
    let hash = try object(.any, text, index, &at, room)
    let size = Int(index[at - 1]) + 1 - Int(index[token])
    guard size <= settings.largestAttributes else {
      throw .event(
        EventFault(.tooLarge, .token(token), .tooLarge(size, most: settings.largestAttributes)))
    }
    return hash
  }

  private mutating func strings(
    _ use: FieldUse, _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ byte: UInt8, _ room: Int
  ) throws(Interruption) -> Hash128 {
    guard byte == Byte.openBracket else { throw mismatch(.listOfTexts, byte, index, at) }
    let token = at
    let isReceivers = use.rule.isReceivers
    let element = FieldUse(rule: isReceivers ? .identifier : .name)
    var elements = ElementsHash()
    var count = 0
    let longest = settings.longestName
    try forEachElement(text, index, &at, room) { reader, at throws(Interruption) in
      let byte = try reader.tokens.peek(text, index, at)
      elements.add(try reader.string(element, text, index, &at, byte, longest: longest))
      count += 1
    }
    if isReceivers {
      guard count <= settings.mostReceivers else {
        throw .event(EventFault(.outOfRange, .token(token), .tooManyReceivers(settings.mostReceivers)))
      }
      if count > 0 { draft.receivers = token }
    }
    note(use.fact, .json, Int(index[token])..<(Int(index[at - 1]) + 1))
    return elements.hash
  }
}

extension FieldRule {
  var isAttributes: Bool { if case .attributes = self { true } else { false } }
  var isMeasure: Bool { if case .measure = self { true } else { false } }
  var isReceivers: Bool { if case .receivers = self { true } else { false } }
}
