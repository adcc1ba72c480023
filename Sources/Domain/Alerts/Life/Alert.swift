public import Model

/// One alert as it stands.
public struct Alert: Equatable, Sendable {
  /// What it is for those who look.
  public enum State: String, CaseIterable, Sendable {
    case pending
    case firing
    case resolved
    /// It was pending and never fired.
    case inactive
  }

  /// Its identity.
  public var fingerprint: Fingerprint
  /// The rule's name.
  public var name: String
  /// How bad it is.
  public var severity: Severity
  /// What it is.
  public var state: State
  /// All its labels, name and severity included.
  public var labels: [String: String]
  /// What is said, filled in when it began or last changed.
  public var annotations: [String: String]
  /// What was last measured; nil where nothing could be.
  public var value: Double?
  /// What that is held against.
  public var threshold: Double
  /// Since when it is pending or firing; once it has ended, since when it was.
  public var since: Timestamp
  /// When it ended, once it has.
  public var endedAt: Timestamp?
  /// The ids of the events that brought it about, as far as they are known.
  public var events: [String]
  /// The alert because of which this one says nothing.
  public var inhibitedBy: String?
}

/// One change of an alert, with everything that belongs into its history.
public struct Transition: Equatable, Sendable {
  /// When.
  public var at: Timestamp
  /// The alert after it.
  public var alert: Alert

  /// A change at a moment.
  public init(at: Timestamp, alert: Alert) {
    self.at = at
    self.alert = alert
  }
}
