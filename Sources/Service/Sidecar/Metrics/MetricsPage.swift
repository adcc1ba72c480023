import Exposition
import HTTPServer
import Platform
import Spool
import Store

/// Gathers what /metrics shows.
struct MetricsPage: Sendable {
  let metrics: SidecarMetrics
  let build: BuildLabels
  let spool: @Sendable () -> SpoolStatus
  let store: @Sendable () -> StoreStatus?
  let time: any TimeSource

  /// All families, in the order in which they are shown.
  var families: [Family] {
    let spool = spool()
    return metrics.families
      + spool.families
      + (store() ?? StoreStatus()).families(oldestUndrained: spool.oldest, now: time.wall())
      + metrics.reloads.families
      + [
        Family(
          "handoffd_build_info", .gauge, "The program that runs; always 1.",
          [
            Sample(
              1,
              [
                Label("version", build.version), Label("revision", build.revision),
                Label("swift_version", build.swift),
              ])
          ])
      ]
      + ProcessSample.now().families
  }
}

extension SidecarMetrics {
  /// Notes an exchange that brought events.
  func observe(_ summary: ExchangeSummary) {
    guard let path = summary.pattern?.template, path == "/v1/events" else { return }
    requests.add(to: summary.status.map(String.init) ?? "aborted")
    requestDuration.observe(summary.duration.inSeconds)
  }

  /// What the ingest counts.
  var families: [Family] {
    [
      Family(
        "handoffd_ingest_requests", .counter, "Requests that bring events, by path and status code.",
        requests.samples("code", and: [Label("path", "/v1/events")])),
      Family(
        "handoffd_ingest_request_duration_seconds", .histogram,
        "How long a request that brings events took, until they were durable and it was answered.",
        [Sample(requestDuration.snapshot, [Label("path", "/v1/events")])]),
      Family(
        "handoffd_ingest_bytes", .counter, "Bytes of bodies that bring events, as sent.",
        [Sample(bytes.value)]),
      Family("handoffd_ingest_events", .counter, "Events taken in.", [Sample(accepted.value)]),
      Family(
        "handoffd_ingest_duplicates", .counter, "Events that were known already and so not taken in again.",
        [Sample(duplicates.value)]),
      Family(
        "handoffd_ingest_rejected", .counter, "Events refused, by error code.", rejected.samples("code")),
      Family(
        "handoff_secrets_redacted", .counter, "Secrets replaced before anything was stored.",
        [Sample(redactions.value)]),
    ]
  }
}
