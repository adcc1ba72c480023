public import Model

/// A counter over all handoffs that has no label.
public enum FleetCounter: Int, CaseIterable, Sendable {
  case lateEvents
  case hopLimitExceeded, loops
  case deadLettersParked, deadLettersReplayed
  case checksumMismatches, clockSkew
  /// Handoffs that were cold or carried nothing.
  case cold
}

/// Everything that is counted over all handoffs.
public struct FleetCounters: Sendable {
  private var plain = InlineArray<8, UInt64>(repeating: 0)
  private var events = InlineArray<128, UInt64>(repeating: 0)
  private var reasons = InlineArray<36, UInt64>(repeating: 0)
  private var strategies = InlineArray<5, UInt64>(repeating: 0)
  /// Versions of envelopes.
  public internal(set) var versions: CappedNames
  /// Results of validation that did not pass, by rule, then by severity.
  public internal(set) var rules: CappedNames
  /// What found no room, by what it was.
  public internal(set) var overflow = Overflow()
  /// Sections present of five.
  public internal(set) var sections = Distribution(Bounds.sections)
  /// Context retained at each hop.
  public internal(set) var retained = Distribution(Bounds.retained)
  /// The hop depth of each handoff.
  public internal(set) var hopDepth = Distribution(Bounds.hops)
  /// Handoffs of each task.
  public internal(set) var taskHops = Distribution(Bounds.hops)
  /// Time left until the deadline, in seconds.
  public internal(set) var headroom = Distribution(Bounds.headroom)
  /// The sender's confidence.
  public internal(set) var confidence = Distribution(Bounds.confidence)
  /// Sizes of envelopes, in bytes.
  public internal(set) var bytes = Distribution(Bounds.bytes)
  /// All latencies of acknowledgement, in seconds.
  public internal(set) var acknowledgement = Running()
  /// All durations, in seconds.
  public internal(set) var duration = Running()

  init(_ capacity: AnalyticsCapacity) {
    versions = CappedNames(most: capacity.versions, columns: 1)
    rules = CappedNames(most: capacity.rules, columns: ResultSeverity.allCases.count)
  }

  /// Everything back to 0; names that have come stay.
  mutating func restart(_ capacity: AnalyticsCapacity) {
    let (versions, rules) = (versions, rules)
    self = Self(capacity)
    self.versions = versions
    self.rules = rules
    self.versions.clear()
    self.rules.clear()
  }

  /// A counter without labels.
  public subscript(counter: FleetCounter) -> UInt64 { plain[counter.rawValue] }
  /// Events accepted, by type.
  public subscript(events type: EventType) -> UInt64 { events[Int(type.rawValue) & 127] }
  /// Envelopes, by how they were packed.
  public subscript(strategy strategy: EnvelopeStrategy) -> UInt64 { strategies[Int(strategy.rawValue)] }
  /// Handoffs, by why and how.
  public subscript(reason: HandoffReason, kind: HandoffKind) -> UInt64 { reasons[Self.at(reason, kind)] }

  private static func at(_ reason: HandoffReason, _ kind: HandoffKind) -> Int {
    Int(reason.rawValue) * HandoffKind.allCases.count + Int(kind.rawValue)
  }

  mutating func count(_ counter: FleetCounter) { plain[counter.rawValue] &+= 1 }

  mutating func countEvent(_ type: EventType) { events[Int(type.rawValue) & 127] &+= 1 }

  mutating func countStrategy(_ strategy: EnvelopeStrategy) { strategies[Int(strategy.rawValue)] &+= 1 }

  mutating func countReason(_ reason: HandoffReason, _ kind: HandoffKind) {
    reasons[Self.at(reason, kind)] &+= 1
  }
}

/// A sum and a count since the start.
public struct Running: Sendable {
  /// The sum, in seconds.
  public private(set) var sum = 0.0
  /// How many there were.
  public private(set) var count: UInt64 = 0

  mutating func observe(_ value: Double) {
    sum += max(0, value)
    count &+= 1
  }
}
