/// Counts in the buckets of schema 3, in one run that grows to either side as values come.
///
/// The run is bounded: values beyond 2^-32 and 2^48 count at the edge.
struct NativeCounts: Sendable {
  static let schema = 3
  private static let lowest = -32 << schema
  private static let highest = 48 << schema

  private(set) var zeroCount: UInt64 = 0
  private var first = 0
  private var counts: [UInt64] = []

  mutating func observe(_ value: Double) {
    guard value > 0 else {
      zeroCount &+= 1
      return
    }
    let fine = BucketIndex.index(of: min(max(value, 0x1p-32), 0x1p48))
    let index = min(max(BucketIndex.index(fine, inSchema: Self.schema), Self.lowest), Self.highest)
    let place = index - first
    if place >= 0, place < counts.count {
      counts[place] &+= 1
    } else {
      makeRoom(for: index)
      counts[index - first] = 1
    }
  }

  private mutating func makeRoom(for index: Int) {
    if counts.isEmpty {
      first = index
      counts = [0]
    } else if index < first {
      counts.insert(contentsOf: repeatElement(0, count: first - index), at: 0)
      first = index
    } else {
      counts.append(contentsOf: repeatElement(0, count: index - first - counts.count + 1))
    }
  }

  /// The buckets that hold anything, merged with their neighbours until there are at most `most`.
  func exposed(most: Int) -> (schema: Int, buckets: [Distribution.NativeBucket]) {
    var schema = Self.schema
    var buckets: [Distribution.NativeBucket] = []
    for place in counts.indices where counts[place] > 0 {
      buckets.append((Int32(truncatingIfNeeded: first + place), counts[place]))
    }
    while buckets.count > most {
      schema -= 1
      buckets = Self.halved(buckets)
    }
    return (schema, buckets)
  }

  private static func halved(_ buckets: [Distribution.NativeBucket]) -> [Distribution.NativeBucket] {
    var merged: [Distribution.NativeBucket] = []
    for bucket in buckets {
      let index = (bucket.index + 1) >> 1
      if merged.last?.index == index {
        merged[merged.count - 1].count &+= bucket.count
      } else {
        merged.append((index, bucket.count))
      }
    }
    return merged
  }
}
