import Hashing
import Model

/// Changes to the text of an event: redaction, dropped keys, unspoken turns, and strangers moved to `attributes`.
extension EventReader {
  /// Whether the event must not be stored as it was sent.
  var needsRewriting: Bool {
    !edits.isEmpty || (movesStrangers && hasStrangers) || (!turnTexts.isEmpty && dropsTurnText)
  }

  private var hasStrangers: Bool {
    !strangers.isEmpty && strangers.contains { isStranger($0) }
  }

  private func isStranger(_ member: MemberPlace) -> Bool {
    !member.isOfTurn || draft.type != .conversationTurn
  }

  private var dropsTurnText: Bool { draft.type == .conversationTurn && !settings.keepsTurnText }

  /// The text of the event with everything changed that must be; strangers are moved once the rest is done.
  mutating func rewritten(_ text: Span<UInt8>, _ index: Span<UInt32>) -> [UInt8] {
    if dropsTurnText {
      for range in turnTexts { silence(range, text) }
    }
    if edits.isEmpty {
      moveStrangers(text, index)
      movesStrangers = false
    }
    return edits.apply(to: text, draft.start..<draft.end)
  }

  /// Leaves nothing of what was said in a turn but its length and hash.
  private mutating func silence(_ range: Range<Int>, _ text: Span<UInt8>) {
    var hash: [UInt8] = []
    let isText = text[range.lowerBound] == Byte.quote
    let said = isText ? (range.lowerBound + 1)..<(range.upperBound - 1) : range
    DerivedID.write(Hash.hash128(text.extracting(said)), to: &hash)
    var replacement = "null"
    if !draft.has(.turnLength) { replacement += ",\"length\":\(said.count)" }
    if !draft.has(.turnHash) { replacement += ",\"hash\":\"xxh3:\(String(decoding: hash, as: UTF8.self))\"" }
    draft.present |= FieldRole.turnLength.bit | FieldRole.turnHash.bit
    edits.replace(range, with: Array(replacement.utf8), isRedaction: false)
  }

  /// Moves members that the event is not known to have into `attributes`; one that is there already stays.
  private mutating func moveStrangers(_ text: Span<UInt8>, _ index: Span<UInt32>) {
    let taken = attributeKeys(text, index)
    var moved: [UInt8] = []
    for stranger in strangers where isStranger(stranger) && !taken.contains(stranger.key) {
      if !moved.isEmpty { moved.append(Byte.comma) }
      for position in stranger.range { moved.append(text[position]) }
      edits.replace(stranger.cut, with: [], isRedaction: false)
    }
    guard !moved.isEmpty else { return }
    if draft.attributes >= 0 {
      let start = Int(index[draft.attributes]) + 1
      edits.replace(start..<start, with: moved + (taken.isEmpty ? [] : [Byte.comma]), isRedaction: false)
      return
    }
    let object = [Byte.openBrace] + moved + [Byte.closeBrace]
    if draft.nullAttributes >= 0 {
      let start = Int(index[draft.nullAttributes])
      edits.replace(start..<(start + 4), with: object, isRedaction: false)
    } else {
      let end = draft.end - 1
      edits.replace(end..<end, with: Array(",\"attributes\":".utf8) + object, isRedaction: false)
    }
  }

  private mutating func attributeKeys(_ text: Span<UInt8>, _ index: Span<UInt32>) -> Set<Hash128> {
    guard draft.attributes >= 0 else { return [] }
    var keys: Set<Hash128> = []
    var depth = 0
    var at = draft.attributes
    repeat {
      switch text[Int(index[at])] {
      case Byte.openBrace, Byte.openBracket: depth += 1
      case Byte.closeBrace, Byte.closeBracket: depth -= 1
      case Byte.colon where depth == 1:
        if let token = try? tokens.string(text, index, at - 1),
          let key = try? tokens.hash(token, text, at - 1)
        {
          keys.insert(key)
        }
      default: break
      }
      at += 1
    } while depth > 0
    return keys
  }
}
