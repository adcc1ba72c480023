/// Quantiles of a window, with the sum and the count of all that was ever observed.
public struct Summary: Equatable, Sendable {
  /// One quantile and the value found there; not a number while the window is empty.
  public struct Quantile: Equatable, Sendable {
    /// Which, from 0 to 1.
    public var quantile: Double
    /// The value there.
    public var value: Double

    /// A quantile.
    public init(_ quantile: Double, _ value: Double) {
      self.quantile = quantile
      self.value = value
    }
  }

  /// The quantiles, ascending.
  public var quantiles: [Quantile]
  /// The sum of all observations since the start.
  public var sum: Double
  /// How many there were since the start.
  public var count: UInt64

  /// A summary.
  public init(_ quantiles: [Quantile], sum: Double, count: UInt64) {
    self.quantiles = quantiles
    self.sum = sum
    self.count = count
  }
}
