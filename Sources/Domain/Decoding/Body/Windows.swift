import JSONIndex

/// The parts in which a long body is indexed, so that memory does not grow with it.
///
/// An event that may be taken always fits into one window: windows are four times as long.
struct Windows {
  private let size: Int
  private let largestEvent: Int

  init(largestEvent: Int) {
    self.largestEvent = largestEvent
    size = min(max(largestEvent * 4, 256 << 10), JSONIndex.longestText)
  }

  /// Where the window of whole lines from `start` on ends; nil where the first line is longer than any window.
  func lineEnd(_ body: Span<UInt8>, from start: Int) -> Int? {
    guard body.count - start > size else { return body.count }
    var end = start + size
    while end > start, body[end - 1] != Byte.lineFeed { end -= 1 }
    return end > start ? end : nil
  }

  /// Where the window of array elements from `start` on ends: between two objects, if there are any.
  func elementEnd(_ body: Span<UInt8>, from start: Int) -> Int {
    guard body.count - start > size else { return body.count }
    var end = start + size
    let earliest = start + largestEvent * 2
    while end > earliest {
      if body[end - 1] == Byte.comma, isBetweenObjects(body, end - 1) { return end }
      end -= 1
    }
    return start + size
  }

  private func isBetweenObjects(_ body: Span<UInt8>, _ comma: Int) -> Bool {
    var before = comma - 1
    while before > 0, Byte.isWhite(body[before]) { before -= 1 }
    var behind = comma + 1
    while behind < body.count - 1, Byte.isWhite(body[behind]) { behind += 1 }
    return body[before] == Byte.closeBrace && body[behind] == Byte.openBrace
  }
}
