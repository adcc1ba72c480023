/// The last minutes by group: the same windows as those of all handoffs, a little coarser at the far end.
///
/// All slices together hold a bounded number of rows, and of places in sketches. When there are more,
/// the oldest slice goes early: under hostile cardinality grouped windows reach less far back, and say so,
/// but what they hold stays true, and so does the memory.
struct GroupWindow: Sendable {
  private let width: Int64
  private let mostRows: Int
  private let mostPlaces: Int
  /// The slice that is being filled; the others, it excepted, stand at their index modulo their number.
  private var current = GroupSlice()
  private var past: [GroupSlice]
  private var pastRows = 0
  private var pastPlaces = 0
  /// The oldest slice from which on nothing was dropped early.
  private var reach = Int64.min
  /// Groups that found no room even so.
  private(set) var overflow: UInt64 = 0

  init(width: Int64, longest: Int64, mostRows: Int, mostPlaces: Int) {
    self.width = max(1, width)
    self.mostRows = mostRows
    self.mostPlaces = mostPlaces
    past = Array(repeating: GroupSlice(), count: Int(max(1, longest) / self.width) + 1)
  }

  /// Makes the slice that holds a moment the current one; time never goes back.
  @inline(__always)
  mutating func turn(to now: Int64) {
    let index = now / width
    if current.index != index { begin(index) }
  }

  private mutating func begin(_ index: Int64) {
    if current.index != .min {
      current.pack()
      let place = Int(truncatingIfNeeded: UInt64(bitPattern: current.index) % UInt64(past.count))
      replace(place, by: current)
    }
    current = GroupSlice(index: index)
  }

  private mutating func replace(_ place: Int, by slice: GroupSlice) {
    pastRows += slice.rowCount - past[place].rowCount
    pastPlaces += slice.sketch.count - past[place].sketch.count
    past[place] = slice
  }

  /// The row of a group in the current slice; nil where there is no room for it.
  @inline(__always)
  mutating func row(of key: GroupKey) -> Int? {
    current.row(of: key) ?? addRow(for: key)
  }

  private mutating func addRow(for key: GroupKey) -> Int? {
    while pastRows + current.rowCount >= mostRows {
      guard dropOldest() else { return nil }
    }
    return current.addRow(for: key)
  }

  @inline(__always)
  mutating func add(_ measures: borrowing Measures, to row: Int) {
    current.add(measures, to: row)
  }

  mutating func observe(_ time: GroupSlice.Time, _ microseconds: Int64, of row: Int) {
    while pastPlaces + current.sketch.count >= mostPlaces {
      guard dropOldest() else { return }
    }
    current.observe(time, FinePlace.place(of: Double(microseconds) / 1e6), of: row)
  }

  /// Drops the oldest slice that holds anything, the current one excepted; false, and counted, if there is none.
  private mutating func dropOldest() -> Bool {
    let candidates = past.indices.filter { past[$0].rowCount > 0 }
    guard let oldest = candidates.min(by: { past[$0].index < past[$1].index }) else {
      overflow &+= 1
      return false
    }
    reach = max(reach, past[oldest].index + 1)
    replace(oldest, by: GroupSlice())
    return true
  }

  /// The windows of `length` that end at a moment, of all groups of a dimension; of none, of all together.
  func values(
    _ length: Int64, by dimension: Dimension?, at moment: Int64, withTimes: Bool = true
  ) -> GroupedValues {
    var windows = GroupedValues()
    let (first, last) = span(length, at: moment)
    for slice in past where slice.index >= first && slice.index <= last {
      slice.add(dimension, to: &windows, withTimes: withTimes)
    }
    if current.index >= first, current.index <= last {
      current.add(dimension, to: &windows, withTimes: withTimes)
    }
    return windows
  }

  private func span(_ length: Int64, at moment: Int64) -> (first: Int64, last: Int64) {
    let last = moment / width
    return (last - max(1, length / width) + 1, last)
  }

  /// Whether a window of `length` that ends at a moment is whole: nothing of it had to go early.
  func isWhole(_ length: Int64, at moment: Int64) -> Bool {
    span(length, at: moment).first >= reach
  }
}
