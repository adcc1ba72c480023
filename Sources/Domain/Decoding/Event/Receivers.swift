import Hashing
import Model

/// A broadcast: one event that begins a handoff for each of its receivers.
extension EventConclusion {
  /// Writes a frame for each receiver; the handoff's id is followed by a slash and the receiver's name.
  func writeReceivers(
    _ frame: FrameContent, _ reader: inout EventReader, _ text: Span<UInt8>, _ index: Span<UInt32>,
    into batch: inout DecodedBatch
  ) {
    let receivers = reader.receivers(text, index)
    let handoff = reader.frame.value(of: .handoffID, in: text)
    var shared = reader.frame
    shared.forget([.handoffID, .toAgent])
    for receiver in receivers {
      var writer = shared
      let id = handoff + [Byte.slash] + receiver
      writer.note(.handoffID, .text, value: id)
      writer.note(.toAgent, .text, value: receiver)
      if !reader.draft.has(.groupID) { writer.note(.groupID, .text, value: handoff) }
      if !reader.draft.has(.receiverCount) {
        writer.note(.receiverCount, .number, value: String(receivers.count).utf8)
      }
      put(frame, writer, subject: Hash.hash128(id), into: &batch)
    }
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

  /// Whether the event begins a handoff for each of several receivers.
  var isBroadcast: Bool { draft.type == .initiated && draft.receivers >= 0 }
}
