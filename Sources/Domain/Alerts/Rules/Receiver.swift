/// Somebody who is told.
public struct Receiver: Equatable, Sendable {
  /// The name, in logs and metrics.
  public var name: String
  /// Of which severities it is told; all if empty.
  public var severities: Set<Severity> = []
  /// Labels that an alert must carry for it.
  public var match: [String: String] = [:]
  /// How it is told.
  public var channel: Channel

  /// How somebody is told.
  public enum Channel: Equatable, Sendable {
    /// By a request for each notification.
    case webhook(Webhook)
    /// By saying again and again what fires.
    case alertmanager(AlertmanagerPush)
  }

  /// A receiver of everything.
  public init(name: String, channel: Channel) {
    self.name = name
    self.channel = channel
  }

  /// Whether it wants to hear of an alert with those labels.
  public func wants(_ severity: Severity, _ labels: [String: String]) -> Bool {
    (severities.isEmpty || severities.contains(severity)) && match.allSatisfy { labels[$0] == $1 }
  }
}

/// Where and how a notification is posted.
public struct Webhook: Equatable, Sendable {
  /// The body's shape.
  public enum Format: String, CaseIterable, Sendable {
    /// Alertmanager's webhook, version 4.
    case alertmanager
    /// A Slack message.
    case slack
    /// PagerDuty's Events API, version 2.
    case pagerduty
  }

  /// Where; its path may be a secret.
  public var url: String
  /// In which shape.
  public var format = Format.alertmanager
  /// The deadline for the whole exchange.
  public var timeout = Duration.seconds(5)
  /// How we say who we are.
  public var access = Access()
  /// Files with secrets to sign with; several while one replaces another.
  public var signingSecretFiles: [String] = []
  /// A file with PagerDuty's routing key.
  public var routingKeyFile: String?

  /// A webhook in Alertmanager's shape.
  public init(url: String) {
    self.url = url
  }
}

/// Alertmanagers that are told of every alert that fires.
public struct AlertmanagerPush: Equatable, Sendable {
  /// The base URLs; each is told.
  public var urls: [String]
  /// The deadline for each exchange.
  public var timeout = Duration.seconds(5)
  /// How we say who we are.
  public var access = Access()

  /// Alertmanagers at those URLs.
  public init(urls: [String]) {
    self.urls = urls
  }
}

/// How we say who we are, and whom we trust.
public struct Access: Equatable, Sendable {
  /// A file with a bearer token.
  public var bearerTokenFile: String?
  /// A user for basic authentication, and a file with the password.
  public var username: String?
  /// The file with that user's password.
  public var passwordFile: String?
  /// A file with the certificates of whom we trust.
  public var caFile: String?
  /// Files with our own certificate and key.
  public var certificateFile: String?
  /// The key of that certificate.
  public var keyFile: String?
  /// Whether link-local addresses, such as those of cloud metadata, may be spoken to.
  public var allowsLinkLocal = false

  /// Nobody in particular.
  public init() {}
}
