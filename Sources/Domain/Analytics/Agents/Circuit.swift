// The circuit towards a target is the worse of two: what we derive, and what breakers report.
//
// Derived: so many handoffs exhausted in a row open it; after the cool-down it is half-open; then the
// next delivery closes it and the next exhaustion opens it again; half-open without traffic for long,
// it closes. A delivery while it is open ends the row, but only time makes it half-open.
//
// Reported: each reporter's last word counts, the worst of them. A report of open lives until its
// `reset_at` and a grace beyond; one of half-open as long as a half-open circuit without traffic.

/// The state of a circuit, from good to bad.
public enum CircuitState: UInt8, CaseIterable, Comparable, Sendable {
  case closed
  case halfOpen
  case open

  /// The word in labels.
  public var name: String { self == .halfOpen ? "half_open" : "\(self)" }

  /// Orders from good to bad.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The times a circuit goes by, in microseconds.
struct CircuitTimes: Sendable {
  var opensAfter: UInt32
  var coolDown: Int64
  var halfOpenQuiet: Int64
  var reportGrace: Int64
}

/// The circuit towards one target.
struct Circuit: Sendable {
  /// The state in force: the worse of derived and reported.
  private(set) var state = CircuitState.closed
  /// Since when it is in force.
  private(set) var since: Int64 = 0
  private(set) var derived = CircuitState.closed
  private(set) var derivedSince: Int64 = 0
  private(set) var trafficAt: Int64 = 0
  private(set) var reports = CircuitReports()

  /// Notes that something was sent to the target.
  mutating func noteTraffic(at now: Int64) { trafficAt = max(trafficAt, now) }

  mutating func noteDelivery(at now: Int64) {
    noteTraffic(at: now)
    if derived == .halfOpen { derive(.closed, at: now) }
  }

  /// Notes an exhausted handoff, the last of `inARow`.
  mutating func noteExhausted(inARow: UInt32, at now: Int64, _ times: CircuitTimes) {
    noteTraffic(at: now)
    if derived == .halfOpen || derived == .closed && inARow >= times.opensAfter { derive(.open, at: now) }
  }

  mutating func report(_ state: CircuitState, by reporter: UInt64, until: Int64) {
    reports.keep(state, by: reporter, until: until)
  }

  mutating func derive(_ state: CircuitState, at now: Int64) {
    derived = state
    derivedSince = now
  }

  /// Brings the state in force up to a moment; true if it is another one now.
  mutating func settle(at now: Int64, _ times: CircuitTimes) -> Bool {
    while let due = derivedDue(times), due <= now {
      derive(derived == .open ? .halfOpen : .closed, at: due)
    }
    reports.drop(until: now)
    let worst = max(derived, reports.worst)
    guard worst != state else { return false }
    state = worst
    since = now
    return true
  }

  /// When the state may change of itself; nil if it will not.
  func due(_ times: CircuitTimes) -> Int64? {
    let derived = derivedDue(times) ?? .max
    let due = min(derived, reports.nextEnd)
    return due == .max ? nil : due
  }

  private func derivedDue(_ times: CircuitTimes) -> Int64? {
    switch derived {
    case .closed: nil
    case .open: derivedSince &+ times.coolDown
    case .halfOpen: max(derivedSince, trafficAt) &+ times.halfOpenQuiet
    }
  }
}
