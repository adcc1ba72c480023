/// The last minutes of all handoffs together, in slices of a few seconds.
///
/// A window of some length at some moment is the sum of the slices it holds: the current one and those
/// before it, so at most that length, and at least a slice less. Nothing is subtracted when time passes:
/// an old slice is simply not added any more. So a window slides while nothing arrives, and its sums
/// are those a naive count gives.
struct FleetWindow: Sendable {
  let width: Int64
  /// The slice that is being filled; the others, it excepted, stand at their index modulo their number.
  private(set) var current = FleetSlice()
  private var past: [FleetSlice]

  /// Slices of `width` microseconds, enough for windows of up to `longest`.
  init(width: Int64, longest: Int64) {
    self.width = max(1, width)
    past = Array(repeating: FleetSlice(), count: Int(max(1, longest) / self.width) + 1)
  }

  @inline(__always)
  mutating func add(_ measures: borrowing Measures, at now: Int64) {
    turn(to: now)
    current.measures.merge(measures)
  }

  mutating func observeAcknowledgement(_ latency: Int64, at now: Int64) {
    turn(to: now)
    current.acknowledgement.observe(Double(latency) / 1e6)
    current.acknowledgementSpan.observe(latency)
  }

  mutating func observeDuration(_ duration: Int64, at now: Int64) {
    turn(to: now)
    current.duration.observe(Double(duration) / 1e6)
    current.durationSpan.observe(duration)
  }

  /// Makes the slice that holds a moment the current one; time never goes back.
  @inline(__always)
  private mutating func turn(to now: Int64) {
    let index = now / width
    if current.index != index { begin(index) }
  }

  private mutating func begin(_ index: Int64) {
    if current.index != .min {
      current.acknowledgement.pack()
      current.duration.pack()
      past[Int(truncatingIfNeeded: UInt64(bitPattern: current.index) % UInt64(past.count))] = current
    }
    current = FleetSlice()
    current.index = index
  }

  /// The window of `length` that ends at a moment, with what other sidecars have seen.
  func values(_ length: Int64, at moment: Int64, beside others: OtherWindows? = nil) -> WindowValues {
    var values = WindowValues()
    let last = moment / width
    let first = last - max(1, length / width) + 1
    for slice in past where slice.index >= first && slice.index <= last { slice.add(to: &values) }
    if current.index >= first, current.index <= last { current.add(to: &values) }
    others?.add(to: &values, from: first &* width, to: last &* width)
    return values
  }

  /// The slices from `first` on that hold anything.
  func slices(from first: Int64) -> [FleetSlice] {
    let known = past.filter { $0.index >= first && !$0.isEmpty }
    return known + (current.index >= first && !current.isEmpty ? [current] : [])
  }
}
