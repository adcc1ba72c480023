import Analytics
import Catalogue
import Configuration
import Platform

/// The numbers as families of the catalogue; agents' labels are rendered once.
final class NumbersPage: Sendable {
  private let numbers: Numbers
  private let labels = Guarded(AgentLabels())

  init(_ numbers: Numbers) {
    self.numbers = numbers
  }

  /// What a scrape shows now.
  var source: SnapshotSource {
    let (snapshot, version) = numbers.versioned()
    return labels.withLock { SnapshotSource(snapshot, version: version, labels: &$0) }
  }
}

extension AnalyticsSettings {
  /// As configured, with a random word against names that are chosen to collide.
  init(_ settings: Settings) {
    self.init()
    acknowledgementTimeout = settings.acknowledgementTimeout
    idleAfter = settings.idleAfter
    capacity.exposedAgents = settings.agentSeries
    hashSeed = SystemRandomNumberGenerator.word()
  }
}
