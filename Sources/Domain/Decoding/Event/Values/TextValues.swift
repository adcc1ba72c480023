import Hashing
import Model

/// Known values that are strings.
extension EventReader {
  /// Reads a string that its rule bounds.
  mutating func string(
    _ use: FieldUse, _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ byte: UInt8, longest: Int
  ) throws(Interruption) -> Hash128 {
    guard byte == Byte.quote else { throw mismatch(.text, byte, index, at) }
    let token = try tokens.string(text, index, at)
    let hash = try tokens.hash(token, text, at)
    let count = token.isEscaped ? tokens.unescaped.count : token.end - token.start
    guard count <= longest else {
      throw .event(EventFault(.tooLong, .token(at), .tooLong(count, most: longest)))
    }
    if use.rule.isIdentifier {
      guard count > 0 else { throw .event(EventFault(.outOfRange, .token(at), .empty)) }
      guard !hasControl(token, text) else {
        throw .event(EventFault(.invalidText, .token(at), .controlCharacter))
      }
    }
    if holdsSecret(token, text) {
      guard !use.rule.isKey else { throw .event(EventFault(.invalidText, .token(at), .secretIdentity)) }
      maskSecrets(token, text)
    }
    at += 1
    guard count > 0 else { return hash }
    if use.role != .none { keep(hash, as: use.role) }
    if token.isEscaped {
      note(use.fact, .text, inTail: tokens.unescaped)
    } else {
      note(use.fact, .text, token.range)
    }
    return hash
  }

  private mutating func keep(_ hash: Hash128, as role: FieldRole) {
    draft.present |= role.bit
    switch role {
    case .eventID: draft.eventID = hash
    case .handoffID: draft.handoffID = hash
    case .taskID: draft.taskID = hash
    case .conversationID: draft.conversationID = hash
    case .agent: draft.agent = hash
    default: break
    }
  }

  private func hasControl(_ token: StringToken, _ text: Span<UInt8>) -> Bool {
    guard !token.isEscaped else { return ControlCharacters.areIn(tokens.unescaped.span) }
    return ControlCharacters.areIn(text.extracting(token.range))
  }

  mutating func type(
    _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ byte: UInt8
  ) throws(Interruption) -> Hash128 {
    guard byte == Byte.quote else { throw mismatch(.text, byte, index, at) }
    let token = try tokens.string(text, index, at)
    let place = try place(of: token, .any, text, at)
    guard place != FieldTable.nowhere else {
      throw .event(EventFault(.unknownType, .token(at), .unknownType(token.start, token.end)))
    }
    draft.type = table.type(at: place)
    at += 1
    return table.hash(at: place)
  }

  /// Any version of major 1 is read: a higher minor one only adds.
  mutating func schemaVersion(
    _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ byte: UInt8
  ) throws(Interruption) -> Hash128 {
    guard byte != Byte.quote else {
      let token = try tokens.string(text, index, at)
      let hash = try tokens.hash(token, text, at)
      let isOurs =
        token.isEscaped ? isFirstMajor(tokens.unescaped.span) : isFirstMajor(text.extracting(token.range))
      guard isOurs else { throw .event(EventFault(.unsupportedVersion, .token(at), .unsupportedVersion)) }
      at += 1
      return hash
    }
    guard byte == Byte.minus || Byte.isDigit(byte) else {
      throw mismatch(.textOrNumber, byte, index, at)
    }
    let number = try tokens.number(text, index, at)
    guard !number.isNegative, number.magnitude == 0, text[number.start] == UInt8(ascii: "1") else {
      throw .event(EventFault(.unsupportedVersion, .token(at), .unsupportedVersion))
    }
    at += 1
    return ContentHash.of(number, text)
  }

  /// `1`, or `1.` and digits and dots.
  private func isFirstMajor(_ version: Span<UInt8>) -> Bool {
    guard version.count > 0, version[0] == UInt8(ascii: "1") else { return false }
    guard version.count > 1 else { return true }
    guard version.count > 2, version[1] == Byte.dot, version.count <= 16 else { return false }
    for position in 2..<version.count
    where !Byte.isDigit(version[position]) && version[position] != Byte.dot { return false }
    return true
  }
}

extension FieldRule {
  /// Whether it is looked for later, and so must be there and clean.
  var isIdentifier: Bool { if case .identifier = self { true } else { isKey } }
  /// Whether it is a part of the event's identity, which must not be masked.
  var isKey: Bool { if case .key = self { true } else { false } }
}
