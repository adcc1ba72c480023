import Alerts
import Store

/// What a sidecar is to the rules that one judges for all.
struct FleetRole: Sendable {
  /// Whose they are.
  enum Judging: Sendable {
    /// Ours to judge.
    case ours
    /// Another's.
    case others
    /// Nobody can say just now: what stands, stands.
    case unknown
  }

  var judging: Judging
  /// What is known of the other sidecars.
  var sight: FleetSight
  /// Alerts that are ours from now on.
  var episodes: [Episode]
}

/// What the rules ask of the lane that shares alerts.
struct FleetRules: Equatable, Sendable {
  /// The names of those that are judged for all.
  var names: [String] = []
  /// Whether any asks how handoffs stand.
  var asksForStanding = false

  init() {}

  init(_ rules: RuleSet) {
    names = rules.fleetRules
    asksForStanding = rules.asksForStanding
  }
}

extension Episode {
  /// An alert that fires, for other sidecars.
  init(_ alert: Alert) {
    self.init(
      fingerprint: alert.fingerprint.description, since: alert.since, alert: alert.name,
      content: JournalEntry.encode([.standing(alert)]))
  }

  /// The alert as it began, firing since then; nil where it was written in a way that is not known.
  var standing: Alert? {
    guard case .standing(var alert)? = JournalEntry.decode(content)?.first else { return nil }
    alert.state = .firing
    alert.since = since
    alert.endedAt = nil
    alert.inhibitedBy = nil
    return alert
  }
}

extension FleetStanding {
  /// How handoffs stand, as the database says.
  init(_ stored: StoredStanding) {
    self.init(
      active: stored.active, overdue: stored.overdue, deadLetters: stored.deadLetters,
      oldestDeadLetter: stored.oldestDeadLetter)
  }
}
