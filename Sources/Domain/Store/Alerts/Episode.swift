public import Model

/// An alert that fires, as sidecars share it.
public struct Episode: Sendable {
  /// The alert's identity.
  public var fingerprint: String
  /// Since when it fires.
  public var since: Timestamp
  /// Its name.
  public var alert: String
  /// The alert as it began, in whatever form the caller reads again.
  public var content: [UInt8]
  /// Whether whoever wants to know is known to have been told.
  public var isTold: Bool

  /// An episode of those parts.
  public init(
    fingerprint: String, since: Timestamp, alert: String, content: [UInt8], isTold: Bool = false
  ) {
    self.fingerprint = fingerprint
    self.since = since
    self.alert = alert
    self.content = content
    self.isTold = isTold
  }
}
