import Catalogue
import Exposition
import Model
import Platform

/// What the sidecar counts of its own work, as it happens.
final class SidecarMetrics: Sendable {
  /// Requests that bring events, by path and status code.
  let requests = LabelledCounter()
  /// How long such a request took, until its events were durable.
  let requestDuration = Distribution(bounds: BucketBounds.work)
  /// Bytes of bodies, as they were sent.
  let bytes = Counter()
  /// Events that were taken in.
  let accepted = Counter()
  /// Events that were known already.
  let duplicates = Counter()
  /// Events that were refused, by code.
  let rejected = LabelledCounter(known: RefusalCode.allCases.map(\.rawValue))
  /// Events that were refused, by the agent that sent them: as many names as agents have series of their own.
  let malformed: LabelledCounter
  /// Strings that were replaced before anything was stored.
  let redactions = Counter()
  /// Whether the last reload succeeded, and when one did.
  let reloads: ReloadRecord

  init(startedAt: WallTime, mostAgents: Int) {
    malformed = LabelledCounter(most: mostAgents, rest: AgentLabels.shared)
    reloads = ReloadRecord(at: startedAt)
  }
}

/// What became of the last reload of the configuration.
final class ReloadRecord: Sendable {
  private let state: Gate<(isGood: Bool, lastGood: WallTime)>

  init(at time: WallTime) {
    state = Gate((true, time))
  }

  func note(_ isGood: Bool, at time: WallTime) {
    state.withLock { state in
      state.isGood = isGood
      if isGood { state.lastGood = time }
    }
  }

  var samples: [Metric: [Sample]] {
    let (isGood, lastGood) = state.withLock { $0 }
    return [
      .configReloadSuccessful: [Sample(isGood ? 1 : 0)],
      .configReloadSuccess: [Sample(Double(lastGood.microseconds) / 1e6)],
    ]
  }
}
