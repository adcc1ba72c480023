/// Lines for people, put together from headings, facts and tables.
struct Sheet {
  let paper: Paper
  private var lines: [String] = []

  init(paper: Paper) {
    self.paper = paper
  }

  /// All of it.
  var text: String { lines.map { $0 + "\n" }.joined() }

  /// One line of words.
  mutating func line(_ cells: Cell..., indent: Int = 0) { lines.append(paper.line(cells, indent: indent)) }

  /// A title with an empty line before it, unless it is the first.
  mutating func title(_ text: String) {
    if !lines.isEmpty { lines.append("") }
    lines.append(paper.line([Cell(text, .strong)]))
  }

  /// A table.
  mutating func table(_ table: Table, indent: Int = 0) { lines += table.lines(on: paper, indent: indent) }

  /// Names with what is known of them; what is not known is left out.
  mutating func facts(_ facts: [(name: String, cell: Cell)], indent: Int = 0) {
    let known = facts.filter { $0.cell != .unknown && !$0.cell.text.isEmpty }
    let rows = known.map { [Cell($0.name, .faint), $0.cell] }
    table(Table(columns: [.fixed(""), .text("")], rows: rows, hasTitles: false), indent: indent)
  }
}
