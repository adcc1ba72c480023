/// The observations of one slice: dense while it is the current one, packed once it is over.
struct SliceSketch: Sendable {
  /// A count for each place, or nothing while nothing was observed.
  private var dense: [UInt32] = []
  /// Place in the upper 12 bits, count in the lower 20; a large count takes several entries.
  private var packed: [UInt32] = []

  private static let countBits: UInt32 = 20
  private static let largest: UInt32 = 1 << countBits - 1

  var isEmpty: Bool { dense.isEmpty && packed.isEmpty }

  mutating func observe(_ value: Double) {
    if dense.isEmpty { dense = Array(repeating: 0, count: FinePlace.count) }
    dense[FinePlace.place(of: value)] &+= 1
  }

  /// Makes it small; it can still be observed into, and packed again.
  mutating func pack() {
    guard !dense.isEmpty else { return }
    for place in dense.indices where dense[place] > 0 {
      var count = dense[place]
      while count > 0 {
        packed.append(UInt32(truncatingIfNeeded: place) << Self.countBits | min(count, Self.largest))
        count -= min(count, Self.largest)
      }
    }
    dense = []
  }

  func add(to sketch: inout QuantileSketch) {
    for place in dense.indices where dense[place] > 0 { sketch.add(UInt64(dense[place]), at: place) }
    for entry in packed {
      sketch.add(UInt64(entry & Self.largest), at: Int(entry >> Self.countBits))
    }
  }

  /// The packed entries.
  var entries: [UInt32] {
    var sketch = self
    sketch.pack()
    return sketch.packed
  }

  /// A sketch of packed entries.
  init(entries: [UInt32] = []) { packed = entries }
}
