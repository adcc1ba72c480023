import Wording
import YAML

/// Reads the list of receivers.
struct ReceiverReading {
  let log: FaultLog

  private static let access = [
    "bearer_token_file", "username", "password_file", "ca_file", "certificate_file", "key_file",
    "allow_link_local", "timeout",
  ]

  /// The receivers of a list.
  func receivers(_ node: YAMLNode) -> [Receiver] {
    guard let nodes = node.sequence else {
      log.note(node.mark, "receivers must be a list")
      return []
    }
    var receivers: [Receiver] = []
    for node in nodes {
      guard let receiver = receiver(node, known: receivers.map(\.name)) else { continue }
      receivers.append(receiver)
    }
    return receivers
  }

  private func receiver(_ node: YAMLNode, known: [String]) -> Receiver? {
    let keys = ["name", "severities", "match", "webhook", "alertmanager"]
    guard let reader = MappingReader(node, "a receiver", keys: keys, log) else { return nil }
    let name = reader.text("name", required: true)
    if let name {
      if known.contains(name.text) {
        log.note(name.mark, "the receiver \(Printable.quote(name.text)) is there a second time")
      }
      if name.text.utf8.count > 128 { log.note(name.mark, "a name has at most 128 bytes") }
    }
    let webhook = reader.entry("webhook").flatMap { self.webhook($0.value) }
    let push = reader.entry("alertmanager").flatMap { self.push($0.value) }
    if reader.has("webhook") == reader.has("alertmanager") {
      log.note(reader.mark, "a receiver has either webhook or alertmanager")
      return nil
    }
    let (severities, match) = (severities(reader), match(reader))
    let channel = webhook.map { Receiver.Channel.webhook($0) } ?? push.map { .alertmanager($0) }
    guard let channel else { return nil }
    var receiver = Receiver(name: name?.text ?? "", channel: channel)
    receiver.severities = severities
    receiver.match = match
    return receiver
  }

  private func match(_ reader: MappingReader) -> [String: String] {
    guard let entry = reader.entry("match") else { return [:] }
    var match: [String: String] = [:]
    for label in MappingReader.free(entry.value, "match", log) { match[label.key] = reader.text(label)?.text }
    return match
  }

  private func severities(_ reader: MappingReader) -> Set<Severity> {
    var severities: Set<Severity> = []
    for (word, mark) in reader.texts("severities", orOne: true) ?? [] {
      if let severity = Severity(rawValue: word) {
        severities.insert(severity)
      } else {
        log.unknown("severity", word, at: mark, among: Severity.allCases.map(\.rawValue))
      }
    }
    return severities
  }

  private func webhook(_ node: YAMLNode) -> Webhook? {
    let keys = ["url", "format", "signing_secret_file", "routing_key_file"] + Self.access
    guard let reader = MappingReader(node, "webhook", keys: keys, log) else { return nil }
    let format: Webhook.Format? = reader.word("format", "format")
    var url = reader.text("url", required: format != .pagerduty).flatMap {
      URLText.checked($0.text, $0.mark, log)
    }
    if format == .pagerduty, !reader.has("url") { url = "https://events.pagerduty.com/v2/enqueue" }
    guard let url else { return nil }
    var webhook = Webhook(url: url)
    webhook.format = format ?? .alertmanager
    if let timeout = timeout(reader) { webhook.timeout = timeout }
    webhook.access = access(reader)
    webhook.signingSecretFiles = reader.texts("signing_secret_file", orOne: true)?.map(\.text) ?? []
    webhook.routingKeyFile = reader.text("routing_key_file")?.text
    if webhook.format == .pagerduty, webhook.routingKeyFile == nil {
      log.note(reader.mark, "pagerduty needs a routing_key_file")
    }
    if webhook.format != .pagerduty, let entry = reader.entry("routing_key_file") {
      log.note(entry.mark, "only pagerduty has a routing key", "leave routing_key_file out")
    }
    return webhook
  }

  private func push(_ node: YAMLNode) -> AlertmanagerPush? {
    guard let reader = MappingReader(node, "alertmanager", keys: ["urls"] + Self.access, log) else {
      return nil
    }
    guard let texts = reader.texts("urls", orOne: true), !texts.isEmpty else {
      log.note(reader.mark, "alertmanager has no urls")
      return nil
    }
    let urls = texts.compactMap { URLText.checked($0.text, $0.mark, log) }
    guard urls.count == texts.count else { return nil }
    var push = AlertmanagerPush(urls: urls)
    if let timeout = timeout(reader) { push.timeout = timeout }
    push.access = access(reader)
    return push
  }

  private func timeout(_ reader: MappingReader) -> Duration? {
    reader.duration("timeout", .milliseconds(100) ... .minutes(1))
  }

  private func access(_ reader: MappingReader) -> Access {
    var access = Access()
    access.bearerTokenFile = reader.text("bearer_token_file")?.text
    access.username = reader.text("username")?.text
    access.passwordFile = reader.text("password_file")?.text
    access.caFile = reader.text("ca_file")?.text
    access.certificateFile = reader.text("certificate_file")?.text
    access.keyFile = reader.text("key_file")?.text
    access.allowsLinkLocal = reader.flag("allow_link_local") ?? false
    if (access.username == nil) != (access.passwordFile == nil) {
      log.note(reader.mark, "username and password_file belong together")
    }
    if access.username != nil, access.bearerTokenFile != nil {
      log.note(reader.mark, "either a bearer token or a user with a password, not both")
    }
    if (access.certificateFile == nil) != (access.keyFile == nil) {
      log.note(reader.mark, "certificate_file and key_file belong together")
    }
    return access
  }
}
