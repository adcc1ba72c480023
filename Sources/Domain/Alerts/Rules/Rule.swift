import Analytics
public import Model

/// One rule: what is measured, when that is bad, for how long, and what is said then.
public struct Rule: Equatable, Sendable {
  /// What becomes of an alert when its signal has no value, or too small a sample for one.
  public enum NoData: String, CaseIterable, Sendable {
    /// It stays as it is.
    case keep
    /// It counts as well.
    case resolve
    /// It counts as bad.
    case alert
  }

  /// Who judges.
  public enum Scope: String, CaseIterable, Sendable {
    /// One sidecar for all.
    case fleet
    /// Each sidecar what it sees.
    case instance
  }

  /// The name of its alerts.
  public var name: String
  /// What is measured.
  public var signal: Signal
  /// What holds of the handoffs that it judges; nil: of all.
  public var condition: HandoffCondition?
  /// By what its alerts are told apart.
  public var grouping = Grouping.fleet
  /// When a value is bad.
  public var bound = Bound(.above, 0)
  /// Over how long, for signals that have a window.
  public var window = Duration.seconds(300)
  /// No verdict on fewer handoffs.
  public var leastHandoffs = 0
  /// No verdict on fewer failures.
  public var leastFailures = 0
  /// What becomes of an alert without data.
  public var noData = NoData.resolve
  /// How long it must be bad before the alert fires.
  public var patience = Duration.zero
  /// How long it must be good before the alert resolves.
  public var keepsFiringFor = Duration.zero
  /// How bad it is.
  public var severity = Severity.warning
  /// Labels of its alerts, beside those of the group.
  public var labels: [String: String] = [:]
  /// What is said, by the name under which it is said.
  public var annotations: [String: Template] = [:]
  /// The alerts that say nothing new while this one fires, for the same group.
  public var inhibits: [String] = []
  /// Who judges.
  public var scope = Scope.fleet

  /// A rule that is bad above 0.
  public init(_ name: String, _ signal: Signal) {
    self.name = name
    self.signal = signal
  }

  /// Whether what happened is about a handoff that it judges.
  func concerns(_ occurrence: Occurrence) -> Bool {
    condition.map { occurrence.holding.contains($0) } ?? true
  }

  /// The labels of its alert for some group, the name included.
  func labels(of group: [(name: String, value: String)]) -> [String: String] {
    var all = labels
    for (name, value) in group { all[name] = value }
    all["alertname"] = name
    all["severity"] = severity.rawValue
    return all
  }
}
