import Platform

/// How fast the spool drains, and from that, when it is worth coming back.
struct DrainMeter: Sendable {
  private static let window = Duration.milliseconds(250)
  private static let memory = Duration.seconds(5)
  private var start: MonotonicInstant?
  private var last: MonotonicInstant?
  private var bytes = 0
  private var rate: Double?
  private var random: SplitMix64

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
  }

  /// So many bytes were released.
  mutating func drained(_ count: Int, now: MonotonicInstant) {
    last = now
    guard let begin = start else {
      start = now
      return
    }
    bytes += count
    let elapsed = now - begin
    if elapsed < Self.window { return }
    let sample = Double(bytes) / elapsed.inSeconds
    rate = rate.map { 0.7 * $0 + 0.3 * sample } ?? sample
    start = now
    bytes = 0
  }

  /// When `excess` bytes will probably be gone: 1 to 60 s, spread so that not all come back at once.
  mutating func retryAfter(_ excess: Int, now: MonotonicInstant) -> Duration {
    let isDraining = last.map { now - $0 < Self.memory } ?? false
    let rate = isDraining ? self.rate ?? 0 : 0
    let seconds = rate > 0 ? Double(max(0, excess)) / rate : 60
    let spread = 0.8 + 0.4 * Double(random.next() >> 11) / Double(1 << 53)
    return .seconds(min(60, max(1, min(60, max(1, seconds)) * spread)))
  }
}
