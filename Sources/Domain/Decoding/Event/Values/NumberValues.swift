import Hashing
import Model

/// Known values that are numbers or times.
extension EventReader {
  /// Reads a whole number from 0 to `most`.
  mutating func whole(
    _ use: FieldUse, _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ byte: UInt8, most: Int64
  ) throws(Interruption) -> Hash128 {
    guard byte == Byte.minus || Byte.isDigit(byte) else { throw mismatch(.whole, byte, index, at) }
    if let number = tokens.plainNumber(text, index, at), number.value <= most {
      keep(number.value, as: use.role, at)
      note(use.fact, .number, number.range)
      at += 1
      return ContentHash.of(whole: UInt64(number.value))
    }
    let number = try tokens.number(text, index, at)
    guard let value = number.wholeNumber else {
      throw .event(EventFault(.invalidType, .token(at), .expected(.whole, .number)))
    }
    guard value <= most, !number.isNegative || value == 0 else {
      throw .event(EventFault(.outOfRange, .token(at), .notInRange(most: most)))
    }
    keep(value, as: use.role, at)
    if number.isInteger, !number.isNegative {
      note(use.fact, .number, number.range)
    } else {
      note(use.fact, .number, inTail: String(value).utf8)
    }
    at += 1
    return ContentHash.of(number, text)
  }

  @inline(__always)
  private mutating func keep(_ value: Int64, as role: FieldRole, _ at: Int) {
    draft.present |= role.bit
    if role == .requested { draft.requested = value }
    if role == .resolved {
      draft.resolved = value
      draft.resolvedToken = at
    }
  }

  /// Reads a number from 0 to the largest quantity, with or without fraction.
  mutating func measure(
    _ use: FieldUse, _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ byte: UInt8,
    _ expected: Expected
  ) throws(Interruption) -> Hash128 {
    guard byte == Byte.minus || Byte.isDigit(byte) else { throw mismatch(expected, byte, index, at) }
    let number = try tokens.number(text, index, at)
    let isZero = number.significantDigits == 0
    guard isZero || (!number.isNegative && number.magnitude < 12), number.isInRange else {
      throw .event(EventFault(.outOfRange, .token(at), .notInRange(most: Self.largestQuantity)))
    }
    note(use.fact, .number, number.range)
    at += 1
    return ContentHash.of(number, text)
  }

  mutating func occurredAt(
    _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ byte: UInt8
  ) throws(Interruption) -> Hash128 {
    let (moment, hash) = try moment(text, index, at, byte)
    draft.occurredAt = moment
    draft.present |= FieldRole.occurredAt.bit
    at += 1
    return hash
  }

  /// Reads a time that is kept as it was sent.
  mutating func time(
    _ use: FieldUse, _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ byte: UInt8
  ) throws(Interruption) -> Hash128 {
    let (moment, hash) = try moment(text, index, at, byte)
    if let fact = use.fact { note(fact, .text, inTail: moment.text.utf8) }
    at += 1
    return hash
  }

  private mutating func moment(
    _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: Int, _ byte: UInt8
  ) throws(Interruption) -> (Timestamp, Hash128) {
    let moment: Timestamp?
    let hash: Hash128
    if byte == Byte.quote {
      let token = try tokens.string(text, index, at)
      hash = try tokens.hash(token, text, at)
      moment =
        token.isEscaped
        ? Moments.read(tokens.unescaped.span) : Moments.read(text.extracting(token.range))
    } else {
      guard byte == Byte.minus || Byte.isDigit(byte) else { throw mismatch(.time, byte, index, at) }
      let number = try tokens.number(text, index, at)
      hash = ContentHash.of(number, text)
      moment = Moments.of(number)
    }
    guard let moment else { throw .event(EventFault(.invalidTime, .token(at), .notATime)) }
    return (moment, hash)
  }
}
