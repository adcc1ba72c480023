/// A body to be posted, made once for all its attempts.
public enum Message {
  /// What a message needs to know beside its notice.
  public struct Surroundings: Sendable {
    /// Where people reach the sidecar, without a slash at its end.
    public var externalURL: String
    /// The routing key of PagerDuty's service; empty elsewhere.
    public var routingKey: String

    /// Surroundings of those values.
    public init(externalURL: String, routingKey: String = "") {
      self.externalURL = externalURL.hasSuffix("/") ? String(externalURL.dropLast()) : externalURL
      self.routingKey = routingKey
    }
  }

  /// The body of a notice in a format.
  public static func body(
    of notice: Notice, _ format: Webhook.Format, _ surroundings: Surroundings
  ) -> [UInt8] {
    var notice = notice
    notice.alerts = notice.alerts.map { $0.told(from: surroundings.externalURL) }
    return switch format {
    case .alertmanager: AlertmanagerMessage.body(notice, surroundings)
    case .slack: SlackMessage.body(notice, surroundings)
    case .pagerduty: PagerDutyMessage.body(notice, surroundings)
    }
  }
}

extension Alert {
  /// Where people see the alert.
  func page(_ externalURL: String) -> String { "\(externalURL)/#/alerts/\(fingerprint)" }

  /// The labels that tell it from others of its name.
  var details: [(name: String, value: String)] {
    labels.filter { $0.key != "alertname" && $0.key != "severity" }.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value) }
  }
}
