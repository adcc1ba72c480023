import Alerts
import Bytes
import Store

extension StoredTransition {
  init(_ unshipped: AlertMemory.Unshipped) {
    let alert = unshipped.transition.alert
    self.init(
      at: unshipped.transition.at, fingerprint: alert.fingerprint.description, alert: alert.name,
      severity: alert.severity.rawValue, state: alert.state.rawValue, labels: Self.json(alert.labels),
      annotations: Self.json(alert.annotations), value: alert.value, threshold: alert.threshold,
      since: alert.since, events: Self.json(alert.events), notified: unshipped.notified,
      number: unshipped.number)
  }

  private static func json(_ values: [String: String]) -> [UInt8] {
    var writer = JSONWriter()
    writer.texts(values.mapValues(clean))
    return writer.bytes
  }

  private static func json(_ values: [String]) -> [UInt8] {
    var writer = JSONWriter()
    writer.array(values) { $0.text(clean($1)) }
    return writer.bytes
  }

  /// PostgreSQL's text knows no NUL.
  private static func clean(_ text: String) -> String { text.replacing("\0", with: "") }
}
