/// What a value is held against.
public struct Bound: Equatable, Sendable {
  /// How.
  public enum Side: String, CaseIterable, Sendable {
    case above
    case atLeast = "at_least"
    case below
    case atMost = "at_most"
  }

  /// How.
  public var side: Side
  /// Against which number.
  public var threshold: Double

  /// A bound.
  public init(_ side: Side, _ threshold: Double) {
    self.side = side
    self.threshold = threshold
  }

  /// Whether a value is where it should not be; what is not a number never is.
  public func isCrossed(by value: Double) -> Bool {
    switch side {
    case .above: value > threshold
    case .atLeast: value >= threshold
    case .below: value < threshold
    case .atMost: value <= threshold
    }
  }
}
