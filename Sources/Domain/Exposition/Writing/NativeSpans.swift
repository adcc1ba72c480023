/// The buckets of a native histogram as protobuf wants them: runs of neighbours, and the differences of
/// their counts.
struct NativeSpans: Equatable {
  /// A run of buckets side by side.
  struct Span: Equatable {
    /// The index of the first bucket of the first run; of later ones, the empty buckets before it.
    var offset: Int32
    /// How many buckets it has.
    var length: UInt32
  }

  /// The runs.
  private(set) var spans: [Span] = []
  /// The count of each bucket less that of the one before.
  private(set) var deltas: [Int64] = []

  /// Gaps of one or two empty buckets are written as such: a new run would take more room.
  init(_ buckets: [NativeHistogram.Bucket]) {
    var next: Int32 = 0
    var previous: Int64 = 0
    func count(_ count: Int64) {
      spans[spans.count - 1].length += 1
      deltas.append(count &- previous)
      previous = count
    }
    for bucket in buckets {
      let gap = bucket.index &- next
      if spans.isEmpty || gap > 2 {
        spans.append(Span(offset: gap, length: 0))
      } else {
        for _ in 0..<max(0, gap) { count(0) }
      }
      count(Int64(clamping: bucket.count))
      next = bucket.index &+ 1
    }
  }
}
