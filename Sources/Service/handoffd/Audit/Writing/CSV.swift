import Bytes
import Sidecar

/// Comma-separated values (RFC 4180), with a line of names first.
enum CSV {
  /// As the sidecar exports them.
  static let handoffs = HandoffColumns.names
  static let chain = ["depth", "previous", "context_retained", "loop"]
  static let active = [
    "handoff_id", "task_id", "from_agent", "to_agent", "kind", "pattern", "reason", "state", "overdue",
    "attempts", "hop", "first_event_at", "initiated_at", "acknowledged_at", "age_seconds",
  ]
  static let agents = [
    "agent", "sent", "received", "failures", "active", "overdue", "success_rate", "total_seconds", "in_a_row",
    "circuit", "circuit_since", "health", "health_at", "health_issues", "last_seen_at",
  ]
  static let deadLetters = [
    "handoff_id", "task_id", "from_agent", "to_agent", "reason", "error_type", "attempts", "parked_at",
    "age_seconds", "status", "resolved_by", "note",
  ]
  static let alerts = [
    "alert", "severity", "state", "since", "value", "threshold", "labels", "annotations", "fingerprint",
    "inhibited_by",
  ]

  /// A line of names, and a line for each row.
  static func table(_ columns: [String], _ rows: [JSONValue]) -> [UInt8] {
    let lines = [columns.map { field($0) }] + rows.map { row in columns.map { field(row.at($0)) } }
    return Array(lines.map { $0.joined(separator: ",") + "\r\n" }.joined().utf8)
  }

  /// Every leaf of a document with the path that leads to it.
  static func leaves(_ document: JSONValue) -> [UInt8] {
    let rows = leaves(document, []).map { "\(field($0.path)),\(field($0.value))\r\n" }
    return Array(("name,value\r\n" + rows.joined()).utf8)
  }

  private static func leaves(_ value: JSONValue, _ path: [String]) -> [(path: String, value: JSONValue)] {
    guard case .object(let members) = value else { return [(path.joined(separator: "."), value)] }
    return members.sorted.flatMap { leaves($0.value, path + [$0.name]) }
  }

  private static func field(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .text(let text): field(text)
    default:
      // Objects and lists are JSON in their field, the members of objects by name.
      field(String(decoding: value.bytes(JSONStyle(sortsNames: true)), as: UTF8.self))
    }
  }

  private static func field(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else {
      return text
    }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
