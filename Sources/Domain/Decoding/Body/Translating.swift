// Messages that are no events, but mean some.
//
// Only what would be refused is looked at, so that the way of events is as short as ever. A message is taken whole or
// not at all: its events are read aside, and join the batch when all of them are good. They share its position in the
// body, so that it counts as one.
import Bytes
import Dialects
import Model

extension BatchReader {
  /// Takes what was to be refused as a message of a dialect; else refuses it, with what is wrong with the message.
  mutating func refuseOrTranslate(_ refusal: Refusal, _ sent: Span<UInt8>) {
    if let refusal = translate(refusal, sent) { refuse(refusal, sent) }
  }

  /// Why a message cannot be taken; nil once it is.
  private mutating func translate(_ refusal: Refusal, _ sent: Span<UInt8>) -> Refusal? {
    guard refusal.mayBeOfMessage, sent.count <= settings.largestEvent,
      let message = value(of: sent), let dialect = dialect ?? Dialect.of(message)
    else { return refusal }
    do throws(MessageFault) {
      guard message["type"]?.text.flatMap({ EventType(name: $0) }) == nil else { return refusal }
      return take(try dialect.events(of: message), orRefuse: refusal)
    } catch {
      return Refusal(index: refusal.index, pointer: error.pointer, code: error.code, message: error.message)
    }
  }

  private func value(of sent: Span<UInt8>) -> JSONValue? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(sent.count)
    for position in sent.indices { bytes.append(sent[position]) }
    var reader = JSONReader(bytes, deepest: settings.deepestNesting)
    return try? reader.document()
  }

  private mutating func take(_ events: [ForeignEvent], orRefuse refusal: Refusal) -> Refusal? {
    guard !events.isEmpty else { return refusal }
    let state = reader.tokens.state
    defer { reader.tokens.state = state }
    var aside = DecodedBatch()
    swap(&batch, &aside)
    var fault: Refusal?
    for event in events where fault == nil {
      fault = read(event.bytes).map { fault in
        var told = fault
        told.pointer = event.origin(of: fault.pointer)
        return told
      }
    }
    swap(&batch, &aside)
    if fault == nil { batch.join(aside) }
    return fault
  }

  /// Reads an event that a message means, as if it had been sent; answers why it cannot be taken.
  private mutating func read(_ event: [UInt8]) -> Refusal? {
    var index = CarefulIndex()
    index.build(over: event.span)
    reader.tokens.state = TextState(isCareful: true)
    let text = event.span
    let positions = index.positions
    var at = 0
    do throws(Interruption) {
      try reader.read(text, positions.span, &at, deepest: settings.deepestNesting)
    } catch {
      guard case .event(let fault) = error else {
        return refusal(EventFault(.invalidJSON, .event, .notAnObject(.nothing)), text, positions.span)
      }
      return refusal(fault, text, positions.span)
    }
    return conclude(text, positions.span, body: event, base: 0)
  }
}

extension Refusal {
  /// Whether what is refused may be a message all the same: it is JSON, and its fault is one of meaning.
  fileprivate var mayBeOfMessage: Bool {
    switch code {
    case .invalidJSON, .invalidText, .duplicateKey, .tooDeep, .tooLarge, .conflict: false
    default: true
    }
  }
}

extension DecodedBatch {
  /// Takes over the events of one message, which count as one.
  fileprivate mutating func join(_ message: DecodedBatch) {
    let start = payload.frames.count
    payload.frames.put(message.payload.frames.bytes)
    for frame in message.frames {
      payload.countEvent()
      var moved = frame
      moved.range = (start + frame.range.lowerBound)..<(start + frame.range.upperBound)
      frames.append(moved)
    }
    accepted += 1
    redactions += message.redactions
    droppedKeys += message.droppedKeys
  }
}
