public import Model

/// A counter over all handoffs that has no label.
public enum FleetCounter: Int, CaseIterable, Sendable {
  case lateEvents
  case hopLimitExceeded, loops
  case deadLettersParked, deadLettersReplayed
  case checksumMismatches, clockSkew
  /// Handoffs that were cold or carried nothing.
  case cold
  /// Offers to several receivers that were taken after another of the same group.
  case claimRaces
  /// Handoffs that had not ended when their deadline was over, and those delivered of which no validation was told.
  case deadlinesMissed, unvalidated
}

/// Everything that is counted over all handoffs.
public struct FleetCounters: Sendable {
  private var plain = InlineArray<11, UInt64>(repeating: 0)
  private var events = InlineArray<128, UInt64>(repeating: 0)
  private var reasons = InlineArray<36, UInt64>(repeating: 0)
  private var strategies = InlineArray<5, UInt64>(repeating: 0)
  private var lost = InlineArray<3, UInt64>(repeating: 0)
  private var decisions = InlineArray<6, UInt64>(repeating: 0)
  private var fetches = InlineArray<10, UInt64>(repeating: 0)
  /// What handoffs of each kind come to.
  public internal(set) var kinds = KindCounters()
  /// What envelopes bring, by how they were packed.
  public internal(set) var packed = StrategyCounters()
  /// How long senders that wait for an answer were held up, in seconds, by pattern.
  private var blocking = Array(
    repeating: Distribution(Bounds.blocking), count: HandoffPattern.allCases.count)
  private var phases = Array(repeating: Distribution(Bounds.phases), count: HandoffPhase.allCases.count)
  /// Which version of an envelope's form met which, by their places among the versions.
  public internal(set) var versionPairs: NamePairs
  /// Versions of envelopes.
  public internal(set) var versions: CappedNames
  /// Agents between which checksums did not match.
  public private(set) var mismatched: CappedNames
  /// Between which of them how often, by their places.
  public private(set) var mismatches: NamePairs
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
    versionPairs = NamePairs(most: capacity.versions)
    mismatched = CappedNames(most: capacity.versions, columns: 1)
    mismatches = NamePairs(most: capacity.versions)
    rules = CappedNames(most: capacity.rules, columns: ResultSeverity.allCases.count)
  }

  /// Everything back to 0; names that have come stay.
  mutating func restart(_ capacity: AnalyticsCapacity) {
    let (versions, rules, mismatched) = (versions, rules, mismatched)
    self = Self(capacity)
    self.mismatched = mismatched
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

  /// Handoffs that lost constraints, by how that can be told.
  public subscript(lost lost: ConstraintsLost) -> UInt64 { self.lost[Self.at(lost)] }
  /// Failures, by what was decided about them.
  public subscript(decision: FailureDecision) -> UInt64 { decisions[Int(decision.rawValue)] }
  /// What receivers had to fetch, by how the envelope was packed.
  public subscript(fetch: ContextFetch, strategy: EnvelopeStrategy) -> UInt64 {
    fetches[Self.at(fetch, strategy)]
  }
  /// What phases took, in seconds.
  public subscript(phase: HandoffPhase) -> Distribution { phases[Int(phase.rawValue)] }

  /// How long senders that wait for an answer were held up, in seconds.
  public func blocking(_ pattern: HandoffPattern) -> Distribution { blocking[Int(pattern.rawValue)] }

  private static func at(_ lost: ConstraintsLost) -> Int {
    ConstraintsLost.allCases.firstIndex(of: lost) ?? 0
  }

  private static func at(_ fetch: ContextFetch, _ strategy: EnvelopeStrategy) -> Int {
    (fetch == .reference ? 0 : EnvelopeStrategy.allCases.count) + Int(strategy.rawValue)
  }

  private static func at(_ reason: HandoffReason, _ kind: HandoffKind) -> Int {
    Int(reason.rawValue) * HandoffKind.allCases.count + Int(kind.rawValue)
  }

  mutating func count(_ counter: FleetCounter) { plain[counter.rawValue] &+= 1 }

  mutating func countEvent(_ type: EventType) { events[Int(type.rawValue) & 127] &+= 1 }

  mutating func countStrategy(_ strategy: EnvelopeStrategy) { strategies[Int(strategy.rawValue)] &+= 1 }

  mutating func countLost(_ lost: ConstraintsLost) { self.lost[Self.at(lost)] &+= 1 }

  mutating func count(_ decision: FailureDecision) { decisions[Int(decision.rawValue)] &+= 1 }

  mutating func countFetches(_ number: UInt64, of fetch: ContextFetch, _ strategy: EnvelopeStrategy) {
    fetches[Self.at(fetch, strategy)] &+= number
  }

  mutating func observe(_ phase: HandoffPhase, _ seconds: Double) {
    phases[Int(phase.rawValue)].observe(seconds)
  }

  /// Counts a checksum that did not match; who is not known by name counts with the rest.
  mutating func countMismatch(from sender: String?, to receiver: String?) {
    count(.checksumMismatches)
    let places = [sender, receiver].map { mismatched.place(of: Array(($0 ?? "").utf8)[...]) }
    mismatches.count(places[0], places[1])
  }

  mutating func observeBlocking(_ pattern: HandoffPattern, _ seconds: Double) {
    blocking[Int(pattern.rawValue)].observe(seconds)
  }

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
