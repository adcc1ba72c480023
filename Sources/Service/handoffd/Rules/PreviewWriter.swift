import Alerts
import Bytes
import Configuration
import Model

/// Writes what would have fired.
struct PreviewWriter {
  let paper: Paper

  /// All of it, the earliest first; what has no end fires still at `end`.
  func write(_ alerts: [Alert], until end: Timestamp, _ format: AnswerForm.Format) -> [UInt8] {
    let rows = alerts.sorted { ($0.since, $0.fingerprint) < ($1.since, $1.fingerprint) }
      .map { Self.row($0, until: end) }
    switch format {
    case .table: return Array(table(rows.compactMap { JSONValue($0) }).utf8)
    case .ndjson: return shown(rows.flatMap { $0 + [0x0A] })
    case .json: return shown(AuditWriter.list(rows))
    case .csv: return shown(CSV.table(CSV.preview, rows.compactMap { JSONValue($0) }))
    }
  }

  private func shown(_ bytes: [UInt8]) -> [UInt8] { paper.columns == nil ? bytes : AuditWriter.fit(bytes) }

  private func table(_ rows: [JSONValue]) -> String {
    guard !rows.isEmpty else { return "Nothing would have fired.\n" }
    var sheet = Sheet(paper: paper)
    sheet.table(AlertViews.preview(rows))
    return sheet.text
  }

  private static func row(_ alert: Alert, until end: Timestamp) -> [UInt8] {
    var writer = JSONWriter()
    writer.object {
      $0.member("alert", alert.name)
      $0.member("severity", alert.severity.rawValue)
      $0.member("fired_at", alert.since.text)
      $0.member("resolved_at", alert.endedAt?.text)
      $0.key("seconds")
      $0.number(Double((alert.endedAt ?? end).microseconds &- alert.since.microseconds) / 1e6)
      $0.key("value")
      if let value = alert.value { $0.number(value) } else { $0.null() }
      $0.key("threshold")
      $0.number(alert.threshold)
      $0.member("labels", alert.labels)
      $0.member("annotations", alert.annotations)
      $0.key("events")
      $0.array(alert.events) { $0.text($1) }
      $0.member("inhibited_by", alert.inhibitedBy)
    }
    return writer.bytes
  }
}

extension CSV {
  static let preview = [
    "alert", "severity", "fired_at", "resolved_at", "seconds", "value", "threshold", "labels", "annotations",
    "events", "inhibited_by",
  ]
}

extension AlertViews {
  /// What would have fired.
  static func preview(_ alerts: [JSONValue]) -> Table {
    Table(
      columns: [
        .fixed("FIRED"), .fixed("FOR"), .fixed("ALERT"), .text("LABELS", least: 12), .fixed("SEVERITY"),
        .number("VALUE"), .text("SAYS", least: 16),
      ],
      rows: alerts.map { alert in
        let length = Words.seconds(alert.at("seconds")).text
        let isOver = !alert.at("resolved_at").isNull
        let severity = alert.at("severity").text ?? "-"
        return [
          Words.moment(alert.at("fired_at")),
          Cell(isOver ? length : length + ", still", isOver ? .plain : .bad),
          Words.text(alert.at("alert"), .strong),
          Cell(labels(alert.at("labels"), besides: ["alertname", "severity"])),
          Cell(severity, severity == "critical" ? .bad : severity == "warning" ? .warning : .plain),
          Words.count(alert.at("value")), says(alert),
        ]
      })
  }

  private static func says(_ alert: JSONValue) -> Cell {
    let summary = alert.at("annotations.summary").text ?? ""
    return Cell(alert.at("inhibited_by").text.map { "inhibited by \($0): \(summary)" } ?? summary)
  }
}
