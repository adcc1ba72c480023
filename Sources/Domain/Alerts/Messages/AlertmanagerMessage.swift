import Bytes
import Model

/// The body that Alertmanager's webhook has in version "4", field for field and in its order.
enum AlertmanagerMessage {
  static func body(_ notice: Notice, _ surroundings: Message.Surroundings) -> [UInt8] {
    var text = JSONWriter.ofMessage
    text.object { text in
      text.member("receiver", notice.receiver)
      text.member("status", notice.isFiring ? "firing" : "resolved")
      text.key("alerts")
      text.array(notice.alerts) { text, alert in write(alert, surroundings, into: &text) }
      text.member("groupLabels", notice.groupLabels)
      text.member("commonLabels", common(notice.alerts.map(\.labels)))
      text.member("commonAnnotations", common(notice.alerts.map(\.annotations)))
      text.member("externalURL", surroundings.externalURL)
      text.member("version", "4")
      text.member("groupKey", groupKey(notice.groupLabels))
      text.member("truncatedAlerts", 0)
    }
    // Go's encoder ends its values with a line feed, and Alertmanager sends it.
    return text.bytes + [UInt8(ascii: "\n")]
  }

  private static func write(_ alert: Alert, _ surroundings: Message.Surroundings, into text: inout JSONWriter)
  {
    text.object { text in
      text.member("status", alert.state == .firing ? "firing" : "resolved")
      text.member("labels", alert.labels)
      text.member("annotations", alert.annotations)
      text.member("startsAt", alert.since.goText)
      text.member("endsAt", alert.endedAt?.goText ?? "0001-01-01T00:00:00Z")
      text.member("generatorURL", alert.page(surroundings.externalURL))
      text.member("fingerprint", alert.fingerprint.description)
    }
  }

  /// What all have, with the same value.
  static func common(_ all: [[String: String]]) -> [String: String] {
    guard let first = all.first else { return [:] }
    return first.filter { name, value in all.allSatisfy { $0[name] == value } }
  }

  private static func groupKey(_ labels: [String: String]) -> String {
    let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\(quoted($0.value))" }
    return "{}:{\(pairs.joined(separator: ", "))}"
  }

  private static func quoted(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return "\"\(text)\""
  }
}

extension Timestamp {
  /// As Go writes it: no zeroes at the end of a fraction.
  var goText: String {
    var text = Substring(self.text).dropLast()
    while text.hasSuffix("0") { text = text.dropLast() }
    if text.hasSuffix(".") { text = text.dropLast() }
    return text + "Z"
  }
}
