/// The numbers the analytics go by; the defaults are those of the domain.
public struct AnalyticsSettings: Sendable {
  /// Unacknowledged for longer, a handoff is overdue.
  public var acknowledgementTimeout = Duration.seconds(30)
  /// Unacknowledged for longer, a handoff is exhausted.
  public var exhaustedAfter = Duration.seconds(600)
  /// An acknowledged handoff of which nothing is heard for longer has ended.
  public var idleAfter = Duration.seconds(3600)
  /// So many exhausted handoffs in a row open a circuit.
  public var circuitOpensAfter = 3
  /// An open circuit is half-open after this.
  public var coolDown = Duration.seconds(60)
  /// A half-open circuit without traffic closes after this.
  public var halfOpenQuiet = Duration.seconds(600)
  /// A report of an open circuit lives for this beyond its `reset_at`.
  public var reportGrace = Duration.seconds(300)
  /// A task of which nothing is heard for longer has come to rest.
  public var taskQuietAfter = Duration.seconds(600)
  /// What is older at receipt enters no window, circuit or count in a row.
  public var lateAfter = Duration.seconds(300)
  /// A deeper hop exceeds the limit.
  public var hopLimit = 12
  /// An outcome waits so long for the name of its target, which another sidecar may have been told.
  public var targetPatience = Duration.seconds(5)
  /// An agent's health is judged by these.
  public var health = HealthThresholds()
  /// What is kept, at most.
  public var capacity = AnalyticsCapacity()
  /// The slices of windows over all handoffs.
  public var slice = Duration.seconds(5)
  /// The slices of windows by group.
  public var groupSlice = Duration.seconds(15)
  /// The longest window.
  public var longestWindow = Duration.seconds(1800)
  /// By what windows are grouped.
  public var dimensions: Set<Dimension> = [.toAgent, .fromAgent, .reason, .kind, .pattern, .strategy]
  /// By what quantiles are grouped.
  public var quantileDimensions: Set<Dimension> = [.toAgent]
  /// The handoffs that windows of their own are kept of.
  public var selections: [Selection] = []
  /// Mixed into every hash, so that nobody outside can choose what collides.
  public var hashSeed: UInt64 = 0

  /// The defaults.
  public init() {}
}

/// What the analytics keep, at most.
public struct AnalyticsCapacity: Sendable {
  /// Agents known by name.
  public var agents = 10_000
  /// Agents with series of their own in the exposition.
  public var exposedAgents = 100
  /// A name of the exposition that was not heard of for longer makes room.
  public var exposedNameIdle = Duration.seconds(86_400)
  /// Handoffs begun and not ended.
  public var openHandoffs = 32_768
  /// Handoffs ended, remembered for what may still be said of them.
  public var endedHandoffs = 16_384
  /// Handoffs parked and not dealt with.
  public var deadLetters = 8192
  /// Tasks.
  public var tasks = 16_384
  /// Different edges within one task, and different agents.
  public var legsPerTask = 64
  /// Edges, and agents, within all tasks together.
  public var legs = 131_072
  /// Broadcast groups.
  public var groups = 1024
  /// Rules of validation, and versions of envelopes, in the exposition.
  public var rules = 50
  /// Versions of envelopes in the exposition.
  public var versions = 20
  /// Rows of grouped windows.
  public var groupRows = 49_152
  /// Places in the sketches of grouped windows.
  public var groupPlaces = 1_000_000
  /// What happened and was not fetched.
  public var occurrences = 4096

  /// The defaults.
  public init() {}
}

/// Beyond these, an agent is not healthy.
public struct HealthThresholds: Sendable {
  /// Degraded above so many bytes of memory.
  public var memoryBytes = 500e6
  /// Slow above so many seconds to answer.
  public var responseSeconds = 1.0
  /// Degraded above so many waiting.
  public var queueLength = 100.0
  /// Degraded above such a share of errors.
  public var errorRatio = 0.05

  /// The defaults.
  public init() {}
}
