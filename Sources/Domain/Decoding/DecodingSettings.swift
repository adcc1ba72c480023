/// The limits and choices of decoding; the defaults are those that the API promises.
public struct DecodingSettings: Sendable {
  /// The most events in one body.
  public var mostEvents = 10_000
  /// The largest body as sent.
  public var largestBody = 8 << 20
  /// The largest body unpacked.
  public var largestUnpackedBody = 64 << 20
  /// The largest event.
  public var largestEvent = 64 << 10
  /// The largest `attributes`.
  public var largestAttributes = 16 << 10
  /// The longest identifier or name.
  public var longestName = 256
  /// The longest message or hint.
  public var longestText = 4 << 10
  /// How many objects and arrays may stand within one another, the event counted.
  public var deepestNesting = 32
  /// The most receivers that one event may have.
  public var mostReceivers = 1000
  /// Events older than this at receipt are refused.
  public var retention = Duration.seconds(90 * 86_400)
  /// Events further ahead than this at receipt are refused.
  public var mostAhead = Duration.seconds(600)
  /// Events older than this at receipt are marked as late.
  public var lateAfter = Duration.seconds(300)
  /// Whether the text of a conversation's turns is kept.
  public var keepsTurnText = false
  /// How much is kept of a refused event or body.
  public var longestKeptBody = 4 << 10

  /// What tells this sidecar's receipts from another's: it is a part of the ids made for events that have
  /// neither id nor time.
  public var salt: UInt64 = 0

  /// The promised limits, and no text of conversations.
  public init() {}
}

extension Duration {
  /// The duration in whole microseconds, at most what 64 bits hold.
  var microseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    return whole.addingReportingOverflow(attoseconds / 1_000_000_000_000).partialValue
  }
}
