import JSONIndex
import Model

// A body that is one JSON text: an event, or an array of them.
//
// An array is read in windows, each indexed by itself, so that memory does not grow with the body. A
// window ends between two elements where it can; where it cannot, the element that is cut is read
// again at the start of the next window. A fault within an element refuses that element, a breach of
// JSON's grammar the body.

/// What is expected next of a JSON text.
private enum Expectation {
  case start
  case firstElement
  case element
  case separator
  case end
}

/// Where reading stands in a JSON text.
private struct TextPosition {
  var expected = Expectation.start
  /// Where the next window begins.
  var start = 0
  var element = 0
}

extension BatchReader {
  mutating func readText(_ body: [UInt8], _ index: inout JSONIndex) throws(BodyRefusal) {
    var position = TextPosition()
    while position.start < body.count {
      let end = windows.elementEnd(body.span, from: position.start)
      let text = body.span.extracting(position.start..<end)
      let isFinal = end == body.count
      let isTaken: Bool
      if index.build(over: text) == nil {
        reader.tokens.state = TextState(isFinal: isFinal)
        isTaken = try index.withPositions { positions throws(BodyRefusal) in
          try takeWindow(body, &position, text, positions)
        }
      } else {
        careful.build(over: text)
        reader.tokens.state = TextState(
          isCareful: true, isFinal: isFinal, unclosedQuote: careful.unclosedQuote)
        let positions = careful.positions
        isTaken = try takeWindow(body, &position, text, positions.span)
      }
      guard isTaken else { return }
    }
    guard position.expected != .end else { return }
    refuseText(position.expected == .start ? .value : .truncated, body, at: body.count)
  }

  /// Takes the events of a window; false once the body is refused.
  private mutating func takeWindow(
    _ body: [UInt8], _ position: inout TextPosition, _ text: Span<UInt8>, _ index: Span<UInt32>
  ) throws(BodyRefusal) -> Bool {
    let base = position.start
    var at = 0
    while Int(index[at]) < text.count {
      let byte = text[Int(index[at])]
      switch (position.expected, byte) {
      case (.start, Byte.openBracket):
        position.expected = .firstElement
        at += 1
      case (.firstElement, Byte.closeBracket), (.separator, Byte.closeBracket):
        position.expected = .end
        at += 1
      case (.separator, Byte.comma):
        position.expected = .element
        at += 1
      case (.separator, _):
        refuseText(.elementEnd, body, at: base + Int(index[at]))
        return false
      case (.end, _):
        refuseText(.trailing, body, at: base + Int(index[at]))
        return false
      default:
        guard try takeElement(body, &position, text, index, &at) else { return false }
        if position.start != base { return true }
      }
    }
    position.start = base + text.count
    return true
  }

  /// Takes the element at a token; false once the body is refused.
  ///
  /// Where the window cuts the element off, the next window is to begin with it.
  private mutating func takeElement(
    _ body: [UInt8], _ position: inout TextPosition, _ text: Span<UInt8>, _ index: Span<UInt32>,
    _ at: inout Int
  ) throws(BodyRefusal) -> Bool {
    let base = position.start
    let first = at
    conclusion.position = position.element
    var fault: EventFault?
    do throws(Interruption) {
      try readElement(text, index, &at, &fault)
    } catch {
      let deep = fault?.code == .tooDeep ? fault : nil
      switch error {
      case .syntax(let found, let place):
        if let deep {
          refuseAll(refusal(deep, text, index), body.span)
        } else {
          refuseText(found, body, base, at: place, text, index)
        }
        return false
      default: return try leave(body, &position, at: base + Int(index[first]), deep, text, index)
      }
    }
    try meet(position.element)
    let end = base + reader.valueEnd(text, index, at)
    let sent = (base + Int(index[first]))..<end
    let judged: Refusal? =
      if let fault { refusal(fault, text, index) } else { conclude(text, index, body: body, base: base) }
    if let judged { refuseOrTranslate(judged, body.span.extracting(sent)) }
    advance(&position)
    return true
  }

  /// Reads an element; a fault that refuses it alone is left in `fault`, and the element is passed over.
  private mutating func readElement(
    _ text: Span<UInt8>, _ index: Span<UInt32>, _ at: inout Int, _ fault: inout EventFault?
  ) throws(Interruption) {
    let first = at
    do throws(Interruption) {
      try reader.read(text, index, &at, deepest: settings.deepestNesting)
    } catch {
      guard case .event(let found) = error else { throw error }
      fault = found
      at = first
      try reader.skipper.skip(&reader.tokens, text, index, &at, deepest: .max)
    }
  }

  private func advance(_ position: inout TextPosition) {
    position.element += 1
    position.expected = position.expected == .start ? .end : .separator
  }

  /// Leaves an element that the window cuts off to the next; if it filled the window, it is too large.
  private mutating func leave(
    _ body: [UInt8], _ position: inout TextPosition, at start: Int, _ deep: EventFault?,
    _ text: Span<UInt8>, _ index: Span<UInt32>
  ) throws(BodyRefusal) -> Bool {
    if start > position.start {
      position.start = start
      return true
    }
    guard let end = ElementScanner.end(of: body.span, from: start) else {
      if let deep {
        refuseAll(refusal(deep, text, index), body.span)
      } else {
        refuseText(.truncated, body, at: body.count)
      }
      return false
    }
    try meet(position.element)
    let large = EventFault(.tooLarge, .event, .tooLarge(end - start, most: settings.largestEvent))
    refuse(refusal(deep ?? large, text, index), body.span.extracting(start..<end))
    advance(&position)
    position.start = end
    return true
  }

  /// Refuses the body because it is not JSON from a byte of the window on.
  private mutating func refuseText(
    _ fault: SyntaxFault, _ body: [UInt8], _ base: Int, at position: Int, _ text: Span<UInt8>,
    _ index: Span<UInt32>
  ) {
    let place = Place(base + position, in: body.span).description
    refuseAll(refusal(fault, text, index, at: position, in: place), body.span)
  }

  private mutating func refuseText(_ fault: SyntaxFault, _ body: [UInt8], at position: Int) {
    let message = "\(fault.message) (\(Place(position, in: body.span).description))"
    refuseAll(
      Refusal(index: conclusion.position, pointer: "", code: .invalidJSON, message: message), body.span)
  }
}

/// A place in a text, for people.
private struct Place: CustomStringConvertible {
  let description: String

  init(_ position: Int, in text: Span<UInt8>) {
    var line = 1
    var column = 1
    for index in 0..<min(position, text.count) {
      if text[index] == Byte.lineFeed {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    description = "line \(line), column \(column) of the body"
  }
}
