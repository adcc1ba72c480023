public import Alerts
import HTTPClient
import Model
public import Platform

/// A receiver tried out, for whoever has just configured it.
public struct ReceiverTrial: Sendable {
  private let receiver: Receiver
  private let externalURL: String
  private let time: any TimeSource

  /// A trial of that receiver.
  public init(_ receiver: Receiver, externalURL: String, time: any TimeSource) {
    self.receiver = receiver
    self.externalURL = externalURL
    self.time = time
  }

  /// What is wrong with its files; nothing is sent.
  public var faults: [String] {
    switch receiver.channel {
    case .webhook(let webhook):
      Self.unreadable([webhook.routingKeyFile] + webhook.access.files)
        + webhook.signingSecretFiles.compactMap { file in
          switch SecretFile.read(file) {
          case .failure(let reason): reason.reason
          case .success(let text):
            SigningSecret(text) == nil ? "\(file) holds no secret of the form whsec_…" : nil
          }
        }
    case .alertmanager(let push): Self.unreadable(push.access.files)
    }
  }

  private static func unreadable(_ files: [String?]) -> [String] {
    files.compactMap(\.self).compactMap { file in
      if case .failure(let reason) = SecretFile.read(file) { reason.reason } else { nil }
    }
  }

  /// Sends one test notification to each of its addresses; why it did not arrive, where it did not.
  public func send() -> [String] {
    let client = HTTPClient(agent: "handoffd")
    let now = Timestamp(microseconds: time.wall().microseconds)
    switch receiver.channel {
    case .webhook(let webhook):
      let notice = notice(at: now, webhook)
      return Self.reason(ReceiverLane.send(notice, webhook, client, at: now))
    case .alertmanager(let push):
      let until = Timestamp(microseconds: now.microseconds &+ 60_000_000)
      let body = Message.push(
        [Alert.test(at: now)], firingUntil: until, Message.Surroundings(externalURL: externalURL))
      return push.urls.flatMap { url in
        Self.reason(AlertmanagerPusher.send(body, push, AlertmanagerPusher.endpoint(url), client, at: now))
      }
    }
  }

  private func notice(at now: Timestamp, _ webhook: Webhook) -> QueuedNotice {
    var surroundings = Message.Surroundings(externalURL: externalURL)
    if let file = webhook.routingKeyFile, case .success(let key) = SecretFile.read(file) {
      surroundings.routingKey = key
    }
    let notice = Notice.test(to: receiver.name, at: now)
    return QueuedNotice(notice, body: Message.body(of: notice, webhook.format, surroundings))
  }

  private static func reason(_ attempt: Attempt) -> [String] {
    switch attempt {
    case .delivered: []
    case .later(let why, _), .useless(_, let why): [why]
    }
  }
}

extension Access {
  /// The files that have to be there.
  fileprivate var files: [String?] { [bearerTokenFile, passwordFile, caFile, certificateFile, keyFile] }
}
