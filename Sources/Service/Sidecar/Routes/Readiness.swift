import Bytes
import HTTPServer
import Spool
import Store

/// Whether the sidecar takes events; a dead database does not make it unready.
struct Readiness: Sendable {
  let spool: @Sendable () -> SpoolStatus
  /// How the store is doing; nil while there is none yet.
  let store: @Sendable () -> StoreStatus?
  /// Whether what was received before the start is still being brought back from the database.
  let isRecovering: @Sendable () -> Bool
  let isStopping: @Sendable () -> Bool

  /// 200 while events are taken in, 503 otherwise, and why.
  var answer: Response {
    if isStopping() { return page(503, "stopping", ["the sidecar is stopping"]) }
    let pressure = spool().pressure
    if pressure == .broken {
      return page(503, "unready", ["the spool cannot be written; see the log for the disk's error"])
    }
    var reasons: [String] = []
    if pressure == .refuse { reasons.append("the spool is full; events are refused until some are drained") }
    if let standstill { reasons.append(standstill) }
    if !reasons.isEmpty { return page(200, "degraded", reasons) }
    if isRecovering() {
      return page(
        200, "recovering",
        ["windows, circuits and open handoffs of before the start are being read from the database"])
    }
    return page(200, "ready", [])
  }

  /// Why nothing is stored now; what the database said of it is in the log alone.
  private var standstill: String? {
    guard let status = store(), status.isUp else {
      return "the database does not answer; events are kept in the spool"
    }
    if status.isHalted {
      return
        "another process has taken over the position of this spool; events are kept in it until that process "
        + "is ended and this one started again"
    }
    return status.fault.map { _ in
      "the database answers but takes no events; the log says why; they are kept in the spool"
    }
  }

  private func page(_ status: Int, _ word: String, _ reasons: [String]) -> Response {
    var writer = JSONWriter()
    writer.object {
      $0.member("status", word)
      $0.key("reasons")
      $0.array(reasons) { $0.text($1) }
    }
    return .json(writer.bytes, status: status)
  }
}
