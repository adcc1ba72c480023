public import Model

/// What rules ask of those handoffs alone of which a condition holds.
public struct Selection: Hashable, Sendable {
  /// What holds of them.
  public var condition: HandoffCondition
  /// By what their windows are grouped; nil: all of them together.
  public var dimensions: Set<Dimension?>
  /// Whether quantiles are read off these.
  public var isTimed: Bool

  /// Those handoffs, grouped in these ways.
  public init(_ condition: HandoffCondition, by dimensions: Set<Dimension?>, isTimed: Bool) {
    self.condition = condition
    self.dimensions = dimensions
    self.isTimed = isTimed
  }

  /// More selections, or more tests in all of them together, are not kept: each handoff has a bit for each test.
  public static let most = 16
  /// The most tests of all selections together.
  public static let mostTests = 64
}
