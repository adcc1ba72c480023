/// How often each message may be written: ten a second, and then one line that counts the rest.
struct LogBudget: Sendable {
  private struct Window {
    var start: MonotonicInstant
    var written: Int
    var dropped: Int
    var level: Log.Level
  }

  /// A message that was held back.
  struct Repeated: Hashable {
    var level: Log.Level
    var message: String
    var count: Int
  }

  private static let burst = 10
  private static let length = Duration.seconds(1)
  /// Messages are written in the source, so there are few; this bounds a mistake.
  private static let limit = 1_000
  private var windows: [String: Window] = [:]

  /// Whether to write `message` now, and what was held back in windows that are over.
  mutating func step(_ level: Log.Level, _ message: String, _ now: MonotonicInstant) -> (Bool, [Repeated]) {
    let repeated = sweep(now)
    guard var window = windows[message] else {
      if windows.count >= Self.limit { return (true, repeated) }
      windows[message] = Window(start: now, written: 1, dropped: 0, level: level)
      return (true, repeated)
    }
    let allowed = window.written < Self.burst
    if allowed { window.written += 1 } else { window.dropped += 1 }
    windows[message] = window
    return (allowed, repeated)
  }

  /// Ends windows that are over, or all.
  mutating func sweep(_ now: MonotonicInstant, all: Bool = false) -> [Repeated] {
    let over = windows.filter { all || now - $0.value.start >= Self.length }
    for message in over.keys { windows[message] = nil }
    return over.filter { $0.value.dropped > 0 }
      .map { Repeated(level: $0.value.level, message: $0.key, count: $0.value.dropped) }
      .sorted { $0.message < $1.message }
  }
}
