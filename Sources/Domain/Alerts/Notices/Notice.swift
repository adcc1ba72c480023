import Hashing
public import Model

/// One thing to tell one receiver.
public struct Notice: Equatable, Sendable {
  /// The same for each attempt, and for each sidecar that comes to the same conclusion.
  public var id: String
  /// Who is told.
  public var receiver: String
  /// What they have in common: the name of the alert, or all labels of a single one.
  public var groupLabels: [String: String]
  /// The alerts; never empty, and all firing or all resolved.
  public var alerts: [Alert]
  /// When it was decided.
  public var at: Timestamp
  /// How often the receiver was reminded before.
  public var repetition: Int64

  /// A notice of alerts that belong together; `repetition` tells reminders from each other.
  init(
    to receiver: String, _ alerts: [Alert], groupLabels: [String: String], at: Timestamp, repetition: Int64
  ) {
    self.receiver = receiver
    self.alerts = alerts
    self.groupLabels = groupLabels
    self.at = at
    self.repetition = repetition
    let parts = alerts.map { "\($0.fingerprint)|\($0.since.microseconds)|\($0.state.rawValue)" }.sorted()
    let text = ([receiver, String(repetition)] + parts).joined(separator: "\n")
    let hash = Hash.hash128(Array(text.utf8).span, seed: 0)
    id = "msg_" + Fingerprint(hash.high).description + Fingerprint(hash.low).description
  }

  /// Whether its alerts fire.
  public var isFiring: Bool { alerts.contains { $0.state == .firing } }
  /// How bad the worst is.
  public var severity: Severity { alerts.map(\.severity).max() ?? .info }
}
