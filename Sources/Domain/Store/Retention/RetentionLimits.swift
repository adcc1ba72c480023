import Model

/// Up to where things are removed.
///
/// Days are removed whole, and two later than they might be: an event that was acknowledged just within the retention
/// may take until the next day to be stored, and a batch that was laid out before midnight may be written behind it.
struct RetentionLimits: Equatable, Sendable {
  private static let grace: Int64 = 2

  /// The first day of events and records that stays; nil where all stay.
  var firstDay: Int64?
  /// The first day of history that stays, likewise.
  var firstRollupDay: Int64?

  init(today: Int64, retentionDays: Int?, rollupDays: Int?) {
    firstDay = retentionDays.map { today &- Int64($0) &- Self.grace }
    firstRollupDay = rollupDays.map { today &- Int64($0) &- Self.grace }
  }

  /// Everything before this moment goes.
  var moment: Timestamp? { firstDay.map(Self.start) }

  /// All history before this moment goes.
  var rollupMoment: Timestamp? { firstRollupDay.map(Self.start) }

  /// History by the minute goes with the events, or before.
  var minuteMoment: Timestamp? { [moment, rollupMoment].compactMap { $0 }.max() }

  private static func start(of day: Int64) -> Timestamp {
    Timestamp(microseconds: day &* 86_400_000_000)
  }
}
