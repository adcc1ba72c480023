import Alerts
import Analytics
import Catalogue
import Configuration
import Platform

/// The numbers as families of the catalogue; agents' labels are rendered once.
final class NumbersPage: Sendable {
  private let numbers: Numbers
  private let state = Guarded((labels: AgentLabels(), kept: SnapshotSource?.none))

  init(_ numbers: Numbers) {
    self.numbers = numbers
  }

  /// What a scrape shows now.
  var source: SnapshotSource {
    let version = numbers.version
    if let kept = state.withLock({ $0.kept }), kept.version == version { return kept }
    let snapshot = numbers.snapshot()
    return state.withLock { state in
      let source = SnapshotSource(snapshot, version: version, labels: &state.labels)
      state.kept = source
      return source
    }
  }
}

extension AnalyticsSettings {
  /// As configured, with a random word against names that are chosen to collide.
  init(_ settings: Settings, for rules: RuleSet) {
    self.init()
    self = rules.windows(in: self)
    acknowledgementTimeout = settings.acknowledgementTimeout
    idleAfter = settings.idleAfter
    capacity.exposedAgents = settings.agentSeries
    hashSeed = SystemRandomNumberGenerator.word()
  }
}
