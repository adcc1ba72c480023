/// Changes to an event's text: what is redacted, dropped or moved.
struct EditList {
  private struct Edit {
    var range: Range<Int>
    var replacement: Range<Int>
    var isRedaction: Bool
  }

  private var edits: [Edit] = []
  private var replacements: [UInt8] = []

  var isEmpty: Bool { edits.isEmpty }

  /// How many values were redacted.
  var redactions: Int { edits.count { $0.isRedaction } }

  mutating func removeAll() {
    edits.removeAll(keepingCapacity: true)
    replacements.removeAll(keepingCapacity: true)
  }

  mutating func replace(_ range: Range<Int>, with bytes: [UInt8], isRedaction: Bool) {
    let start = replacements.count
    replacements.append(contentsOf: bytes)
    edits.append(
      Edit(range: range, replacement: start..<replacements.count, isRedaction: isRedaction))
  }

  /// Takes a range out, and with it all changes made within it since.
  mutating func remove(_ range: Range<Int>) {
    while let last = edits.last, last.range.lowerBound >= range.lowerBound { edits.removeLast() }
    edits.append(Edit(range: range, replacement: 0..<0, isRedaction: false))
  }

  /// The text of `range` with all changes made.
  mutating func apply(to text: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    edits.sort { $0.range.lowerBound < $1.range.lowerBound }
    var output: [UInt8] = []
    output.reserveCapacity(range.count + replacements.count)
    var position = range.lowerBound
    for edit in edits where edit.range.lowerBound >= position {
      for index in position..<edit.range.lowerBound { output.append(text[index]) }
      output.append(contentsOf: replacements[edit.replacement])
      position = edit.range.upperBound
    }
    for index in position..<range.upperBound { output.append(text[index]) }
    return output
  }
}
