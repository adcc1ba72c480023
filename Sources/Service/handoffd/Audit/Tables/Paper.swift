import Platform

/// What is written on: how wide it is, and whether it knows colours.
struct Paper {
  /// How many columns; nil where lines may be of any length.
  var columns: Int?
  /// Whether tones are shown.
  var hasColour = false

  /// Paper of that kind.
  init(columns: Int? = nil, hasColour: Bool = false) {
    self.columns = columns
    self.hasColour = hasColour
  }

  /// A terminal, or a file; NO_COLOR (no-color.org) and a dumb terminal mean no colour.
  init(terminal: Terminal?, environment: [String: String]) {
    columns = terminal.map { max(20, $0.columns) }
    hasColour = terminal != nil && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }

  /// The cell cut to a width and filled up to it.
  func fit(_ cell: Cell, to width: Int, flushRight: Bool = false, filled: Bool = true) -> String {
    let cut = TextWidth.cut(cell.text, to: width)
    let room = filled || flushRight ? String(repeating: " ", count: max(0, width - TextWidth.of(cut))) : ""
    let painted = paint(cut, cell.tone)
    return flushRight ? room + painted : painted + room
  }

  /// The text in its tone.
  func paint(_ text: String, _ tone: Tone) -> String {
    guard hasColour, !text.isEmpty, let code = tone.code else { return text }
    return "\(code)\(text)\u{1B}[0m"
  }

  /// A line of words, cut to the paper.
  func line(_ cells: [Cell], indent: Int = 0) -> String {
    var left = columns.map { $0 - indent } ?? Int.max
    var line = String(repeating: " ", count: indent)
    for (place, cell) in cells.enumerated() where left > 0 {
      let gap = place == 0 ? "" : " "
      let cut = TextWidth.cut(cell.text, to: left - gap.count)
      line += cut.isEmpty ? "" : gap + paint(cut, cell.tone)
      left -= TextWidth.of(cut) + gap.count
    }
    return line
  }
}
