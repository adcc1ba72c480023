/// The upper bounds of the classic buckets, by family.
public enum Bounds {
  /// From sending to acknowledgement, in seconds.
  public static let acknowledgement: [Double] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60,
  ]
  /// From sending to the end, in seconds.
  public static let duration: [Double] = [
    0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600,
  ]
  /// Phases of a handoff, in seconds.
  public static let phases: [Double] = [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 3600]
  /// From sending to acknowledgement, by kind: coarser, because the same is told finely by receiver.
  public static let kindAcknowledgement: [Double] = [0.1, 1, 5, 10, 30]
  /// From acknowledgement to the result, in seconds.
  public static let resultWait: [Double] = [1, 10, 60, 600, 3600]
  /// How long a sender is held up that waits for the answer, in seconds; it should give up after 10 to 30.
  public static let blocking: [Double] = [0.1, 1, 10, 30, 60]
  /// References missing of those requested; 95 % and 80 % complete are bounds exactly.
  public static let missing: [Double] = [0, 0.01, 0.05, 0.1, 0.2, 0.5, 1]
  /// Sections present, of five.
  public static let sections: [Double] = [0.2, 0.4, 0.6, 0.8, 1]
  /// Context left along a chain.
  public static let retained: [Double] = [0.1, 0.25, 0.5, 0.66, 0.8, 0.9, 0.95, 1]
  /// Hops.
  public static let hops: [Double] = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16]
  /// Time left until the deadline, in seconds.
  public static let headroom: [Double] = [0, 1, 5, 10, 30, 60, 300]
  /// The sender's confidence.
  public static let confidence: [Double] = [0.25, 0.5, 0.75, 0.9, 1]
  /// Tokens used of the budget.
  public static let utilization: [Double] = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1, 1.25]
  /// The size of the envelope in bytes: powers of 4.
  public static let bytes: [Double] = (4...12).map { Double(1 << (2 * $0)) }
}
