/// The settings' durations in microseconds, as the fold compares them.
struct FoldTimes: Sendable {
  let acknowledgementTimeout: Int64
  let exhaustedAfter: Int64
  let idleAfter: Int64
  let taskQuietAfter: Int64
  let lateAfter: Int64
  let targetPatience: Int64
  let circuit: CircuitTimes
  /// By what windows, and quantiles, are grouped.
  let dimensions: DimensionSet
  let quantiles: DimensionSet
  /// What comes in bulk is given this long to bring its own end, before it is called overdue.
  let overduePatience: Int64 = 1_000_000

  init(_ settings: AnalyticsSettings) {
    acknowledgementTimeout = settings.acknowledgementTimeout.microseconds
    exhaustedAfter = settings.exhaustedAfter.microseconds
    idleAfter = settings.idleAfter.microseconds
    taskQuietAfter = settings.taskQuietAfter.microseconds
    lateAfter = settings.lateAfter.microseconds
    targetPatience = settings.targetPatience.microseconds
    dimensions = DimensionSet(settings.dimensions.union(settings.quantileDimensions))
    quantiles = DimensionSet(settings.quantileDimensions)
    circuit = CircuitTimes(
      opensAfter: UInt32(clamping: max(1, settings.circuitOpensAfter)),
      coolDown: settings.coolDown.microseconds, halfOpenQuiet: settings.halfOpenQuiet.microseconds,
      reportGrace: settings.reportGrace.microseconds)
  }
}

/// A set of dimensions that is asked with one instruction.
struct DimensionSet: Sendable {
  private let bits: UInt8

  init(_ dimensions: Set<Dimension>) {
    bits = dimensions.reduce(0) { $0 | 1 << $1.rawValue }
  }

  @inline(__always)
  func contains(_ dimension: Dimension) -> Bool { bits >> dimension.rawValue & 1 == 1 }
}

extension Duration {
  /// The duration in whole microseconds, from none to a thousand years.
  var microseconds: Int64 {
    let (seconds, attoseconds) = components
    return min(max(0, seconds), 31_536_000_000) * 1_000_000 + max(0, attoseconds) / 1_000_000_000_000
  }
}
