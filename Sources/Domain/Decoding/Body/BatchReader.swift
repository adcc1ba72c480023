import Bytes
import Dialects
import Model

/// Reads a body event by event into a batch.
struct BatchReader {
  var reader: EventReader
  let windows: Windows
  /// The index of a text that the vector pass has refused.
  var careful = CarefulIndex()
  var batch = DecodedBatch()
  var conclusion: EventConclusion
  /// What the sender says its messages are written in.
  var dialect: Dialect?
  /// How many events have been met.
  var count = 0
  private var pointers = PointerFinder()
  private var mostKept = 0
  private var expandedBytes = 0

  init(settings: DecodingSettings) {
    reader = EventReader(settings: settings)
    windows = Windows(largestEvent: settings.largestEvent)
    conclusion = EventConclusion(receivedAt: Timestamp(microseconds: 0))
  }

  var settings: DecodingSettings { reader.settings }

  /// Turns to another body.
  mutating func begin(receivedAt: Timestamp, keeping rejections: Int, expecting bytes: Int) {
    batch = DecodedBatch()
    batch.payload.frames.bytes.reserveCapacity(bytes + bytes / 2 + bytes / 4)
    conclusion.receivedAt = receivedAt
    mostKept = rejections
    count = 0
    expandedBytes = 0
  }

  /// Hands over the batch.
  mutating func take() -> DecodedBatch {
    defer { batch = DecodedBatch() }
    return batch
  }

  /// Counts an event that has been met at `position` in the body.
  mutating func meet(_ position: Int) throws(BodyRefusal) {
    guard count < settings.mostEvents else { throw .tooManyEvents(limit: settings.mostEvents) }
    count += 1
    conclusion.position = position
  }

  /// Judges and writes the event just read; answers why it is refused.
  mutating func conclude(
    _ text: Span<UInt8>, _ index: Span<UInt32>, body: [UInt8], base: Int
  ) -> Refusal? {
    if let fault = reader.judge(receivedAt: conclusion.receivedAt) { return refusal(fault, text, index) }
    guard !reader.needsRewriting else { return concludeRewritten(text, index) }
    if let fault = judgeReceivers(text, index) { return refusal(fault, text, index) }
    let range = (base + reader.draft.start)..<(base + reader.draft.end)
    conclusion.write(&reader, text: text, index: index, body: body[range], into: &batch)
    return nil
  }

  /// Rewrites the event and reads it again, until nothing is left to change.
  private mutating func concludeRewritten(_ text: Span<UInt8>, _ index: Span<UInt32>) -> Refusal? {
    let state = reader.tokens.state
    defer {
      reader.tokens.state = state
      reader.movesStrangers = true
    }
    let redactions = reader.edits.redactions
    let droppedKeys = reader.droppedKeys
    var body = reader.rewritten(text, index)
    var rewritten = CarefulIndex()
    while true {
      rewritten.build(over: body.span)
      if let refusal = reread(body.span, rewritten.positions.span) { return refusal }
      guard reader.needsRewriting else { break }
      body = reader.rewritten(body.span, rewritten.positions.span)
    }
    if let fault = judgeReceivers(body.span, rewritten.positions.span) {
      return refusal(fault, body.span, rewritten.positions.span)
    }
    batch.redactions += redactions
    batch.droppedKeys += droppedKeys
    conclusion.write(
      &reader, text: body.span, index: rewritten.positions.span, body: body[...], into: &batch)
    return nil
  }

  /// Reads a rewritten event.
  private mutating func reread(_ text: Span<UInt8>, _ index: Span<UInt32>) -> Refusal? {
    reader.tokens.state = TextState(isCareful: true)
    var at = 0
    do throws(Interruption) {
      // What was moved to `attributes` stands one deeper than it was sent.
      try reader.read(text, index, &at, deepest: settings.deepestNesting + 1)
      return nil
    } catch {
      guard case .event(let fault) = error else {
        return refusal(EventFault(.invalidJSON, .event, .notAnObject(.nothing)), text, index)
      }
      return refusal(fault, text, index)
    }
  }

  /// Whether the receivers of a broadcast can each be given a handoff.
  private mutating func judgeReceivers(_ text: Span<UInt8>, _ index: Span<UInt32>) -> EventFault? {
    guard reader.isBroadcast else { return nil }
    let receivers = reader.receivers(text, index)
    let room = settings.longestName - 1 - reader.frame.value(of: .handoffID, in: text).count
    guard receivers.allSatisfy({ $0.count <= room }) else {
      let advice = Advice.receiverTooLong(most: settings.longestName)
      return EventFault(.tooLong, .token(reader.draft.receivers), advice)
    }
    // Each receiver's handoff keeps the event as it was sent: that must not blow up a small body.
    expandedBytes += (receivers.count - 1) * (reader.draft.end - reader.draft.start)
    guard expandedBytes <= settings.largestUnpackedBody else {
      let advice = Advice.broadcastTooLarge(most: settings.largestUnpackedBody)
      return EventFault(.tooLarge, .token(reader.draft.receivers), advice)
    }
    return nil
  }
}

extension BatchReader {
  /// The refusal of the event in hand for a fault in it.
  mutating func refusal(_ fault: EventFault, _ text: Span<UInt8>, _ index: Span<UInt32>) -> Refusal {
    let pointer: String
    switch fault.place {
    case .event: pointer = ""
    case .field(let field): pointer = "\(field)"
    case .token(let token):
      pointer = pointers.pointer(to: token, from: reader.draft.firstToken, text, index)
    }
    return Refusal(
      index: conclusion.position, pointer: pointer, code: fault.code, message: fault.advice.message(text))
  }

  /// The refusal of the event in hand because it is not JSON.
  mutating func refusal(
    _ fault: SyntaxFault, _ text: Span<UInt8>, _ index: Span<UInt32>, at position: Int, in whole: String
  ) -> Refusal {
    var token = reader.draft.firstToken
    while token < index.count - 1, Int(index[token]) < position { token += 1 }
    let pointer = pointers.pointer(to: token, from: reader.draft.firstToken, text, index)
    return Refusal(
      index: conclusion.position, pointer: pointer, code: .invalidJSON, message: "\(fault.message) (\(whole))"
    )
  }

  /// Notes a refusal, and keeps what was sent, masked and cut.
  mutating func refuse(_ refusal: Refusal, _ sent: Span<UInt8>) {
    batch.refusals.append(refusal)
    let beginning = sent.extracting(0..<min(sent.count, settings.longestKeptBody))
    if let sender = Sender.named(in: beginning.indices.map { beginning[$0] }) {
      batch.refusedBySender[sender, default: 0] += 1
    }
    guard batch.payload.rejections.count < mostKept else { return }
    let body = Masker(scanner: reader.scanner, longest: settings.longestKeptBody).mask(sent)
    batch.payload.rejections.append(Rejection(refusal: refusal, body: body))
  }

  /// Refuses the body whole, whatever has been taken of it.
  mutating func refuseAll(_ refusal: Refusal, _ sent: Span<UInt8>) {
    batch = DecodedBatch()
    refuse(refusal, sent)
  }
}
