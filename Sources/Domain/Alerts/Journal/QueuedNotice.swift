public import Model

/// A notification as it waits: everything that an attempt needs, and nothing that could change.
public struct QueuedNotice: Equatable, Sendable {
  /// The same for each attempt.
  public var id: String
  /// Who is told.
  public var receiver: String
  /// The alerts it is about, by their fingerprints.
  public var fingerprints: [UInt64]
  /// The body, the same bytes for each attempt.
  public var body: [UInt8]
  /// When it was decided.
  public var decidedAt: Timestamp

  /// A notification of those parts.
  public init(id: String, receiver: String, fingerprints: [UInt64], body: [UInt8], decidedAt: Timestamp) {
    self.id = id
    self.receiver = receiver
    self.fingerprints = fingerprints
    self.body = body
    self.decidedAt = decidedAt
  }
}

extension QueuedNotice {
  /// A notice with its body.
  public init(_ notice: Notice, body: [UInt8]) {
    self.init(
      id: notice.id, receiver: notice.receiver, fingerprints: notice.alerts.map(\.fingerprint.value),
      body: body,
      decidedAt: notice.at)
  }
}
