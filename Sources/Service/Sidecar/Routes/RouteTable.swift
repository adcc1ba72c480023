import Configuration
import HTTPServer
import Platform
import Spool
import Store

/// Every route there is.
struct RouteTable: Sendable {
  let ingest: Ingest
  let queue: WorkQueue
  let readers: Readers
  let exporters: Readers
  let live: LiveSettings
  let scrapes: Scrapes
  let numbers: Numbers
  let database: DatabaseKeeper
  let follower: Follower
  let alerts: AlertKeeper
  let spool: Spool
  let isStopping: StopFlag
  let time: any TimeSource
  let log: Log

  /// The router over all routes, which counts what brings events.
  func router(_ metrics: SidecarMetrics) -> Router {
    let routes = routes
    return Router(
      routes + OpenAPIRoute(describing: routes).routes, observe: { metrics.observe($0) })
  }

  private var routes: [Route] {
    let settings = live.current
    let overdueAfter: @Sendable () -> Int64 = { [live] in
      live.current.acknowledgementTimeout.wholeMicroseconds
    }
    let records = RecordReader(readers: readers, overdueAfter: overdueAfter, time: time)
    // An export has lanes of its own, so that it keeps nobody else waiting.
    let exported = RecordReader(readers: exporters, overdueAfter: overdueAfter, time: time)
    let isStoreUp: @Sendable () -> Bool = { [database] in database.storeStatus?.isUp ?? false }
    let fleet = FleetView(numbers: numbers, readers: readers, live: live, isStoreUp: isStoreUp, time: time)
    let readiness = Readiness(
      spool: { [spool] in spool.status() }, store: { [database] in database.storeStatus },
      isRecovering: { [follower] in !follower.hasPast },
      isStopping: { [isStopping] in isStopping.isRaised })
    let envelopes = EnvelopeRoute(
      numbers: numbers, readers: readers, queue: queue, isStoreUp: isStoreUp, time: time)
    return EventsRoute(ingest: ingest, largestBody: settings.maxBody).routes
      + envelopes.routes
      + HandoffRoutes(records: records).routes
      + ExportRoute(
        records: exported, retention: { [live] in live.current.retention }, isStopping: isStopping, log: log
      ).routes
      + TaskRoutes(records: records).routes
      + DeadLetterRoutes(readers: readers, ingest: ingest, time: time).routes
      + RejectionsRoute(readers: readers).routes
      + AlertRoutes(keeper: alerts, readers: readers).routes
      + RunbookRoutes().routes
      + AgentRoutes(fleet: fleet).routes
      + SummaryRoutes(fleet: fleet).routes
      + SeriesRoute(fleet: fleet).routes
      + ResourcesRoute(fleet: fleet).routes
      + MetricsRoute(scrapes: scrapes).routes
      + HealthRoutes(readiness: readiness, reload: { [live] in live.reload() }).routes
  }
}

extension Duration {
  /// In microseconds, cut to what 64 bits hold.
  var wholeMicroseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    return overflow ? .max : whole &+ attoseconds / 1_000_000_000_000
  }
}
