/// What the sidecar says of itself, for rules over it.
public struct OwnFigures: Sendable {
  /// Events refused since the start.
  public var refusedEvents: UInt64
  /// The age of the oldest event that is not in PostgreSQL yet.
  public var storeLag: Duration
  /// The share of the spool that is in use.
  public var spoolFill: Double

  /// Figures of those values.
  public init(refusedEvents: UInt64 = 0, storeLag: Duration = .zero, spoolFill: Double = 0) {
    self.refusedEvents = refusedEvents
    self.storeLag = storeLag
    self.spoolFill = spoolFill
  }
}

/// Makes counts over a window out of a count since the start.
struct CountHistory: Sendable {
  private var marks: [(at: Int64, count: UInt64)] = []
  private static let step: Int64 = 5_000_000
  private static let longest: Int64 = 1_800_000_000

  /// Notes the count at a moment; about every five seconds is kept.
  mutating func note(_ count: UInt64, at now: Int64) {
    if let last = marks.last, now &- last.at < Self.step || count < last.count {
      if count < last.count { marks = [(now, count)] }
      return
    }
    marks.append((now, count))
    // The newest mark from before the longest window is what it is counted from.
    while marks.count > 1, marks[1].at <= now &- Self.longest { marks.removeFirst() }
  }

  /// How much the count has grown within a window that ends now.
  func growth(to count: UInt64, within window: Int64, at now: Int64) -> UInt64 {
    let base = marks.last { $0.at <= now &- window } ?? marks.first
    return count &- min(count, base?.count ?? count)
  }
}
