public import Model

/// What an envelope is checked against beside itself.
public struct Circumstances: Sendable {
  /// The moment of the check.
  public var now: Timestamp
  /// Why the target should not be sent to; empty where nothing is known against it.
  public var obstacles: [String] = []
  /// The handoff before, if there is one and it is known.
  public var upstream: Upstream?
  /// The limits.
  public var limits = Limits()

  /// A moment at which nothing else is known.
  public init(now: Timestamp) { self.now = now }

  /// The limits that envelopes are held to.
  public struct Limits: Sendable {
    /// Deeper hops are not to be sent.
    public var mostHops = 12
    /// Deeper hops are worth a look.
    public var manyHops = 8
    /// Deeper escalations are not to be sent.
    public var deepestEscalation = 5
    /// Deeper escalations are worth a look.
    public var deepEscalation = 3
    /// A deadline nearer than this cannot be kept.
    public var leastHeadroom = Duration.seconds(5)
    /// A deadline nearer than this is hard to keep.
    public var shortHeadroom = Duration.seconds(10)
    /// From this share on the budget counts as used up.
    public var fullBudget = 0.99
    /// The share of references below which context counts as incomplete.
    public var leastCompleteness = 0.95
    /// The major versions of envelopes that are known.
    public var knownVersions: Set<Int> = [1, 2]

    /// The usual limits.
    public init() {}
  }

  /// What is known of the handoff that an envelope follows.
  public struct Upstream: Sendable {
    /// Which handoff.
    public var handoffID: String
    /// What its receiver is bound to.
    public var constraints: RecordConstraints

    /// A handoff with those constraints.
    public init(handoffID: String, constraints: RecordConstraints) {
      self.handoffID = handoffID
      self.constraints = constraints
    }
  }
}
