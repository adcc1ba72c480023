import JSONIndex
import Model

/// Bodies with an event a line: whatever is wrong with a line, the others are taken.
extension BatchReader {
  mutating func readLines(_ body: [UInt8], _ index: inout JSONIndex) throws(BodyRefusal) {
    var start = 0
    var line = 0
    while start < body.count {
      guard let end = windows.lineEnd(body.span, from: start) else {
        start = try refuseLongLine(body, from: start, &line)
        continue
      }
      let text = body.span.extracting(start..<end)
      if index.build(over: text) == nil {
        try index.withPositions { positions throws(BodyRefusal) in
          try takeLines(body, start, text, positions, &line)
        }
      } else {
        try takeLinesCarefully(body, start, text, &line)
      }
      start = end
    }
  }

  private mutating func takeLines(
    _ body: [UInt8], _ base: Int, _ text: Span<UInt8>, _ index: Span<UInt32>, _ line: inout Int
  ) throws(BodyRefusal) {
    reader.tokens.state = TextState()
    var at = 0
    var start = 0
    while start < text.count {
      let end = ByteSearch.first(Byte.lineFeed, in: text, from: start)
      if Int(index[at]) < end {
        try meet(line)
        let first = at
        if !takeLine(body, base, text, index, &at, end: end) {
          // Read once more by itself, to say exactly what is wrong.
          let state = reader.tokens.state
          takeLineCarefully(body, base + start, text.extracting(start..<end))
          reader.tokens.state = state
          at = first
          while Int(index[at]) < end { at += 1 }
        }
      }
      start = end + 1
      line += 1
    }
  }

  /// Takes the event at a token, if it is good and alone on its line.
  private mutating func takeLine(
    _ body: [UInt8], _ base: Int, _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, end: Int
  ) -> Bool {
    do {
      try reader.read(text, index, &at, deepest: settings.deepestNesting)
    } catch {
      return false
    }
    guard reader.draft.end <= end, Int(index[at]) >= end else { return false }
    return conclude(text, index, body: body, base: base) == nil
  }

  private mutating func takeLinesCarefully(
    _ body: [UInt8], _ base: Int, _ text: Span<UInt8>, _ line: inout Int
  ) throws(BodyRefusal) {
    var start = 0
    while start < text.count {
      let end = ByteSearch.first(Byte.lineFeed, in: text, from: start)
      let alone = text.extracting(start..<end)
      if !isBlank(alone) {
        try meet(line)
        takeLineCarefully(body, base + start, alone)
      }
      start = end + 1
      line += 1
    }
  }

  private func isBlank(_ text: Span<UInt8>) -> Bool {
    for position in text.indices where !Byte.isWhite(text[position]) { return false }
    return true
  }

  private mutating func takeLineCarefully(_ body: [UInt8], _ base: Int, _ text: Span<UInt8>) {
    if base == 0, let encoding = TextEncoding(text) {
      let position = conclusion.position
      refuse(
        Refusal(index: position, pointer: "", code: .invalidText, message: encoding.message), text)
      return
    }
    careful.build(over: text)
    reader.tokens.state = TextState(isCareful: true, unclosedQuote: careful.unclosedQuote)
    if let refusal = judgeLine(body, base, text) { refuseOrTranslate(refusal, text) }
  }

  private mutating func judgeLine(_ body: [UInt8], _ base: Int, _ text: Span<UInt8>) -> Refusal? {
    let index = careful.positions
    do throws(Interruption) {
      try readAlone(text, index.span)
      return conclude(text, index.span, body: body, base: base)
    } catch {
      switch error {
      case .event(let fault): return refusal(fault, text, index.span)
      case .syntax(let fault, let position):
        return refusal(fault, text, index.span, at: position, in: "byte \(position) of the line")
      case .incomplete:
        return refusal(.truncated, text, index.span, at: text.count, in: "byte \(text.count) of the line")
      }
    }
  }

  /// Reads the event that is all of a text.
  ///
  /// What is not JSON at all is refused for that, whatever else is wrong; but what nests too deep is read no further.
  private mutating func readAlone(_ text: Span<UInt8>, _ index: Span<UInt32>) throws(Interruption) {
    var at = 0
    do throws(Interruption) {
      try reader.read(text, index, &at, deepest: settings.deepestNesting)
    } catch {
      guard case .event(let fault) = error, fault.code != .tooDeep else { throw error }
      at = 0
      try reader.skipper.skip(&reader.tokens, text, index, &at, deepest: .max)
      try checkEnd(text, index, at)
      throw error
    }
    try checkEnd(text, index, at)
  }

  private func checkEnd(_ text: Span<UInt8>, _ index: Span<UInt32>, _ at: Int) throws(Interruption) {
    guard Int(index[at]) >= text.count else { throw .syntax(.trailing, at: Int(index[at])) }
  }

  /// Refuses a line that is longer than any event may be; answers where the next begins.
  private mutating func refuseLongLine(
    _ body: [UInt8], from start: Int, _ line: inout Int
  ) throws(BodyRefusal) -> Int {
    let end = ByteSearch.first(Byte.lineFeed, in: body.span, from: start)
    let text = body.span.extracting(start..<end)
    if !isBlank(text) {
      try meet(line)
      reader.draft.firstToken = 0
      let fault = EventFault(.tooLarge, .event, .tooLarge(text.count, most: settings.largestEvent))
      refuse(refusal(fault, text, [UInt32(0)].span), text)
    }
    line += 1
    return end + 1
  }
}
