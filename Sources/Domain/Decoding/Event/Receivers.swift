import Hashing
import Model

/// A broadcast: one event that begins a handoff for each of its receivers.
extension EventConclusion {
  /// Writes a frame for each receiver; the handoff's id is followed by a slash and the receiver's name.
  mutating func writeReceivers(
    _ frame: FrameContent, _ reader: inout EventReader, _ text: Span<UInt8>, _ index: Span<UInt32>,
    into batch: inout DecodedBatch
  ) {
    let receivers = reader.receivers(text, index)
    let handoff = reader.factValue(.handoffID, text)
    for receiver in receivers {
      writer(resetFor: reader)
      let id = handoff + [Byte.slash] + receiver
      note(.handoffID, .text, id)
      note(.toAgent, .text, receiver)
      if !reader.draft.has(.groupID) { note(.groupID, .text, handoff) }
      if !reader.draft.has(.receiverCount) {
        note(.receiverCount, .number, Array(String(receivers.count).utf8))
      }
      put(frame, subject: Hash.hash128(id), into: &batch)
    }
  }

  private mutating func writer(resetFor reader: EventReader) {
    let shared = reader.facts.filter { $0.id != .handoffID && $0.id != .toAgent }
    note(shared, of: reader)
  }
}

extension EventReader {
  /// The receivers' names, each once.
  mutating func receivers(_ text: Span<UInt8>, _ index: Span<UInt32>) -> [[UInt8]] {
    var names: [[UInt8]] = []
    var seen: Set<[UInt8]> = []
    var at = draft.receivers + 1
    while Int(index[at]) < text.count, text[Int(index[at])] != Byte.closeBracket {
      if text[Int(index[at])] == Byte.quote, let name = try? plain(text, index, at),
        seen.insert(name).inserted
      {
        names.append(name)
      }
      at += 1
    }
    return names
  }

  private mutating func plain(
    _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: Int
  ) throws(Interruption) -> [UInt8] {
    let token = try tokens.string(text, index, at)
    guard !token.isEscaped else {
      _ = try tokens.hash(token, text, at)
      return tokens.unescaped
    }
    return token.range.map { text[$0] }
  }

  /// The value of a fact that was found; empty where it was not.
  func factValue(_ id: FactID, _ text: Span<UInt8>) -> [UInt8] {
    guard let fact = facts.first(where: { $0.id == id }) else { return [] }
    return fact.isInTail ? Array(tail[fact.start..<fact.end]) : (fact.start..<fact.end).map { text[$0] }
  }

  /// Whether the event begins a handoff for each of several receivers.
  var isBroadcast: Bool { draft.type == .initiated && draft.receivers >= 0 }
}
