public import Analytics
public import Model

/// What is known of all sidecars together, for rules of fleet scope.
public struct FleetSight: Sendable {
  /// The windows of the others.
  public var others = OtherWindows()
  /// How all handoffs stand; nil: only what this sidecar knows of them.
  public var standing: FleetStanding?

  /// Nothing is known of others.
  public init() {}
}

/// How the handoffs of all sidecars stand.
public struct FleetStanding: Equatable, Sendable {
  /// Handoffs begun and not ended.
  public var active: Int
  /// Of those, the overdue ones.
  public var overdue: Int
  /// Dead letters that nobody has dealt with.
  public var deadLetters: Int
  /// When the oldest of these was parked.
  public var oldestDeadLetter: Timestamp?

  /// A standing of those numbers.
  public init(active: Int, overdue: Int, deadLetters: Int, oldestDeadLetter: Timestamp?) {
    self.active = active
    self.overdue = overdue
    self.deadLetters = deadLetters
    self.oldestDeadLetter = oldestDeadLetter
  }
}

extension FleetStanding {
  /// How they stand as one snapshot knows it.
  init(_ snapshot: Snapshot) {
    self.init(
      active: snapshot.activeCount, overdue: snapshot.overdueCount,
      deadLetters: snapshot.deadLetters(.pending), oldestDeadLetter: snapshot.oldestDeadLetter)
  }
}

extension RuleSet {
  /// Whether any rule of fleet scope asks how handoffs stand.
  public var asksForStanding: Bool {
    rules.contains { $0.scope == .fleet && ($0.signal.kind == .fleet || $0.signal.kind == .agent) }
  }

  /// The names of the rules that one sidecar judges for all.
  public var fleetRules: [String] { rules.filter { $0.scope == .fleet }.map(\.name) }
}
