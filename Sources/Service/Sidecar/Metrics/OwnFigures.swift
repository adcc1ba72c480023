import Alerts
import Catalogue
import Exposition
import HTTPServer
import Platform
import Spool
import Store

/// Gathers what the sidecar shows of itself on /metrics.
struct OwnFigures: Sendable {
  let metrics: SidecarMetrics
  let build: BuildLabels
  let spool: @Sendable () -> SpoolStatus
  let store: @Sendable () -> StoreStatus?
  let process: ProcessWatch
  let time: any TimeSource

  /// The samples of this moment, by family.
  var samples: [Metric: [Sample]] {
    let spool = spool()
    let store = store() ?? StoreStatus()
    let own: [Metric: [Sample]] = [
      .build: [
        Sample(
          1,
          [
            Label("version", build.version), Label("revision", build.revision),
            Label("swift_version", build.swift),
          ])
      ]
    ]
    return [
      metrics.samples, metrics.reloads.samples, spool.samples,
      store.samples(oldestUndrained: spool.oldest, now: time.wall().wholeSecond), process.sample.samples,
    ].reduce(into: own) { $0.merge($1) { first, _ in first } }
  }
}

extension OwnFigures {
  /// What rules over the sidecar itself go by.
  var forAlerts: Alerts.OwnFigures {
    let spool = spool()
    let lag = spool.oldest.map { max(0, time.wall().microseconds - $0.microseconds) } ?? 0
    return Alerts.OwnFigures(
      refusedEvents: metrics.rejected.total, storeLag: .microseconds(lag),
      spoolFill: Double(spool.bytes) / Double(max(1, spool.capacityBytes)))
  }
}

extension WallTime {
  /// The second this moment lies in: what is shown of it stays the same until the next.
  fileprivate var wholeSecond: WallTime { WallTime(microseconds: microseconds / 1_000_000 * 1_000_000) }
}

extension SidecarMetrics {
  /// Notes an exchange that brought events.
  func observe(_ summary: ExchangeSummary) {
    guard let path = summary.pattern?.template, path == "/v1/events" else { return }
    requests.add(to: summary.status.map(String.init) ?? "aborted")
    requestDuration.observe(summary.duration.inSeconds)
  }

  /// What the ingest counts.
  var samples: [Metric: [Sample]] {
    let path = [Label("path", "/v1/events")]
    return [
      .ingestRequests: requests.samples("code", and: path),
      .ingestRequestDuration: [Sample(requestDuration.snapshot, path)],
      .ingestBytes: [Sample(bytes.value)],
      .ingestEvents: [Sample(accepted.value)],
      .ingestDuplicates: [Sample(duplicates.value)],
      .ingestRejected: rejected.samples("code"),
      .ingestMalformed: malformed.samples("from_agent"),
      .secretsRedacted: [Sample(redactions.value)],
    ]
  }
}
