/// One slice of the grouped windows: a row of measures for each group that had any.
struct GroupSlice: Sendable {
  /// Which of the two times an observation is of.
  enum Time: UInt64 {
    case acknowledgement = 0
    case duration = 1
  }

  let index: Int64
  private(set) var keys: [GroupKey] = []
  private var rows: [Measures] = []
  /// The row of a key plus one, found by open addressing; empty once the slice is over.
  private var table: [UInt32] = []
  private(set) var sketch = GroupSketch()

  init(index: Int64 = .min) {
    self.index = index
  }

  var rowCount: Int { rows.count }

  /// The row of a group, if it has one.
  @inline(__always)
  func row(of key: GroupKey) -> Int? {
    guard !table.isEmpty else { return nil }
    let mask = table.count - 1
    var at = Self.home(key) & mask
    while table[at] != 0 {
      let row = Int(table[at]) - 1
      if keys[row] == key { return row }
      at = (at + 1) & mask
    }
    return nil
  }

  /// Gives a group its row.
  mutating func addRow(for key: GroupKey) -> Int {
    keys.append(key)
    rows.append(Measures())
    if rows.count * 2 > table.count {
      table = Array(repeating: 0, count: max(64, table.count * 2))
      for row in keys.indices { enter(row) }
    } else {
      enter(rows.count - 1)
    }
    return rows.count - 1
  }

  private mutating func enter(_ row: Int) {
    let mask = table.count - 1
    var at = Self.home(keys[row]) & mask
    while table[at] != 0 { at = (at + 1) & mask }
    table[at] = UInt32(truncatingIfNeeded: row + 1)
  }

  @inline(__always)
  private static func home(_ key: GroupKey) -> Int {
    Int(truncatingIfNeeded: (key.raw &* 0x9e37_79b9_7f4a_7c15) >> 33)
  }

  @inline(__always)
  mutating func add(_ measures: borrowing Measures, to row: Int) {
    rows[row].merge(measures)
  }

  mutating func observe(_ time: Time, _ place: Int, of row: Int) {
    sketch.observe(UInt64(row) << 13 | time.rawValue << 12 | UInt64(place))
  }

  /// Makes it small, when its time is over.
  mutating func pack() {
    table = []
    sketch.pack()
  }

  /// Adds what it holds of a dimension to the windows of its groups; the times only if they are wanted.
  func add(_ dimension: Dimension?, to windows: inout GroupedValues, withTimes: Bool) {
    var places: [Int32] = []
    places.reserveCapacity(keys.count)
    for row in keys.indices {
      guard keys[row].dimension == dimension else {
        places.append(-1)
        continue
      }
      let place = windows.place(of: keys[row])
      windows.values[place].add(rows[row])
      places.append(Int32(truncatingIfNeeded: place))
    }
    guard withTimes else { return }
    sketch.forEach { entry, count in
      let row = Int(truncatingIfNeeded: entry >> 13)
      guard row < places.count, places[row] >= 0 else { return }
      let at = Int(truncatingIfNeeded: entry & 0xfff)
      if entry >> 12 & 1 == Time.duration.rawValue {
        windows.values[Int(places[row])].duration.add(count, at: at)
      } else {
        windows.values[Int(places[row])].acknowledgement.add(count, at: at)
      }
    }
  }
}

/// The windows of several groups while they are being added up.
struct GroupedValues {
  private(set) var keys: [GroupKey] = []
  var values: [WindowValues] = []
  private var index: [GroupKey: Int] = [:]

  /// Where the window of a group stands; a new one is empty.
  mutating func place(of key: GroupKey) -> Int {
    if let place = index[key] { return place }
    index[key] = keys.count
    keys.append(key)
    values.append(WindowValues())
    return keys.count - 1
  }
}
