// A table that fits its paper: columns are as wide as what is in them; where that is too much the widest of those that
// may be cut gives way, a column at a time, down to its least width; where that is not enough, columns are left out from
// the right.

/// Rows under titles.
struct Table {
  /// A column.
  struct Column {
    var title: String
    /// Whether its cells stand at the right edge, as numbers do.
    var isFlushRight = false
    /// The least width that it may be cut to; nil for what makes no sense cut.
    var least: Int?

    /// A column that is never cut.
    static func fixed(_ title: String) -> Column { Column(title: title) }
    /// A column of numbers.
    static func number(_ title: String) -> Column { Column(title: title, isFlushRight: true) }
    /// A column of text that may be cut.
    static func text(_ title: String, least: Int = 8) -> Column { Column(title: title, least: least) }
  }

  var columns: [Column]
  var rows: [[Cell]]
  /// Whether the titles are shown.
  var hasTitles = true

  /// The table in lines without ends.
  func lines(on paper: Paper, indent: Int = 0) -> [String] {
    let widths = widths(for: paper.columns.map { $0 - indent })
    let titles = columns.map { Cell($0.title, .strong) }
    let margin = String(repeating: " ", count: indent)
    return ((hasTitles ? [titles] : []) + rows).map { margin + line($0, widths, paper) }
  }

  private func line(_ cells: [Cell], _ widths: [Int], _ paper: Paper) -> String {
    let shown = zip(cells, widths).enumerated().map { place, part in
      let (cell, width) = part
      return paper.fit(
        cell, to: width, flushRight: columns[place].isFlushRight, filled: place < widths.count - 1)
    }
    return String(shown.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
  }

  /// The widths of those columns that are shown.
  private func widths(for room: Int?) -> [Int] {
    var widths = columns.indices.map { place in
      let titles = hasTitles ? TextWidth.of(columns[place].title) : 0
      return rows.reduce(titles) { max($0, place < $1.count ? TextWidth.of($1[place].text) : 0) }
    }
    guard let room else { return widths }
    while total(widths) > room {
      if let place = widest(of: widths) {
        widths[place] -= 1
      } else if widths.count > 1 {
        widths.removeLast()
      } else {
        return [min(widths[0], max(1, room))]
      }
    }
    return widths
  }

  private func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + 2 * (widths.count - 1) }

  /// The widest column that may still be cut.
  private func widest(of widths: [Int]) -> Int? {
    let cuttable = widths.indices.filter { place in columns[place].least.map { widths[place] > $0 } ?? false }
    return cuttable.max { widths[$0] < widths[$1] }
  }
}
