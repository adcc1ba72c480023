/// Counts by names that come from outside: the first to come are kept, the rest share one row.
public struct CappedNames: Sendable {
  /// One name and its counts.
  public struct Row: Sendable {
    /// The name; nil for what the rest share.
    public let name: String?
    /// The counts, by column.
    public internal(set) var counts: [UInt64]
    fileprivate let bytes: [UInt8]
  }

  /// The names, in the order in which they came; the last row is what the rest share.
  public private(set) var rows: [Row]
  private let most: Int

  init(most: Int, columns: Int) {
    self.most = most
    rows = [Row(name: nil, counts: Array(repeating: 0, count: columns), bytes: [])]
  }

  /// Counts a name; false if it shares the last row.
  mutating func count(_ name: ArraySlice<UInt8>, _ column: Int = 0) -> Bool {
    let row = row(of: name)
    rows[row].counts[column] &+= 1
    return rows[row].name != nil
  }

  /// The place of a name among those that keep theirs, for as long as there is a list; `most` for what shares the last row.
  mutating func place(of name: ArraySlice<UInt8>) -> Int {
    let row = row(of: name)
    return rows[row].name == nil ? most : row
  }

  private mutating func row(of name: ArraySlice<UInt8>) -> Int {
    rows.firstIndex { $0.name != nil && $0.bytes.elementsEqual(name) } ?? enter(name)
  }

  private mutating func enter(_ name: ArraySlice<UInt8>) -> Int {
    guard rows.count <= most, !name.isEmpty else { return rows.count - 1 }
    let counts = [UInt64](repeating: 0, count: rows[0].counts.count)
    let row = Row(name: String(decoding: name, as: UTF8.self), counts: counts, bytes: Array(name))
    rows.insert(row, at: rows.count - 1)
    return rows.count - 2
  }

  /// Everything back to 0; the names stay.
  mutating func clear() {
    for row in rows.indices { rows[row].counts = rows[row].counts.map { _ in 0 } }
  }
}
