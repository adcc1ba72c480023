import Bytes
import Model

/// An event of PagerDuty's Events API, version 2: one alert, triggered or resolved.
enum PagerDutyMessage {
  private static let longestSummary = 1024

  static func body(_ notice: Notice, _ surroundings: Message.Surroundings) -> [UInt8] {
    var text = JSONWriter.ofMessage
    guard let alert = notice.alerts.first else { return [] }
    text.object { text in
      text.member("routing_key", surroundings.routingKey)
      text.member("dedup_key", alert.fingerprint.description)
      text.member("event_action", alert.state == .firing ? "trigger" : "resolve")
      text.key("payload")
      payload(alert, surroundings, &text)
      text.member("client", "handoffd")
      text.member("client_url", alert.page(surroundings.externalURL))
      if let runbook = alert.annotations["runbook_url"], runbook.hasPrefix("http") {
        text.key("links")
        text.array([runbook]) { text, link in
          text.object { text in
            text.member("href", link)
            text.member("text", "Runbook")
          }
        }
      }
    }
    return text.bytes
  }

  private static func payload(
    _ alert: Alert, _ surroundings: Message.Surroundings, _ text: inout JSONWriter
  ) {
    text.object { text in
      text.member("summary", String((alert.annotations["summary"] ?? alert.name).prefix(longestSummary)))
      text.member("source", alert.labels["to_agent"] ?? "handoffd")
      text.member("severity", alert.severity.rawValue)
      text.member("timestamp", alert.since.text)
      if let target = alert.labels["to_agent"] { text.member("component", target) }
      text.member("group", "handoff")
      text.member("class", alert.name)
      text.key("custom_details")
      details(alert, &text)
    }
  }

  private static func details(_ alert: Alert, _ text: inout JSONWriter) {
    text.object { text in
      text.member("labels", alert.labels)
      for (name, words) in alert.annotations.sorted(by: { $0.key < $1.key }) { text.member(name, words) }
      text.member("value", alert.value.map(NumberWords.plain) ?? "unknown")
      text.member("threshold", NumberWords.plain(alert.threshold))
      text.key("events")
      text.array(alert.events) { text, event in text.text(event) }
    }
  }
}
