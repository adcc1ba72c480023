public import Model

/// All numbers at one moment: a value that never changes, and that costs next to nothing to make.
///
/// It shares the fold's arrays; of these the fold then copies what it changes, once. What takes time,
/// such as the sum of a window, is worked out by who asks for it.
public struct Snapshot: Sendable {
  /// The moment up to which windows reach.
  public let at: Timestamp
  /// Everything counted over all handoffs, since the start.
  public let counters: FleetCounters
  /// The oldest open handoffs, as many as were asked for.
  public let active: [ActiveHandoff]
  let gauges: Gauges
  let directory: AgentDirectory
  let fleet: FleetWindow
  let grouped: GroupWindow
  let selections: SelectionTable
  let groups: [GroupTable.Group]
  let thresholds: HealthThresholds
}

extension Analytics {
  /// The numbers as they stand; `moment` is where windows end, unless time had come further, and `active` how many open
  /// handoffs are listed.
  ///
  /// What is due until then has happened only if time was advanced before.
  public func snapshot(at moment: Timestamp, active most: Int = 0) -> Snapshot {
    var counters = counters
    counters.overflow.set(.agent, to: agents.withoutSeries)
    counters.overflow.set(.window, to: grouped.overflow)
    // A clock that was set back must not make windows empty: what is received is put where time had come to.
    let moment = max(moment, Timestamp(microseconds: now))
    return Snapshot(
      at: moment, counters: counters, active: activeHandoffs(most: most), gauges: gauges, directory: agents,
      fleet: fleet, grouped: grouped, selections: selections, groups: groups.groups,
      thresholds: settings.health)
  }
}

extension Snapshot {
  /// Handoffs begun and not ended.
  public var activeCount: Int { gauges.active }
  /// Of those, the overdue ones.
  public var overdueCount: Int { gauges.overdue }
  /// Dead letters that stand there.
  public func deadLetters(_ state: ParkingState) -> Int { gauges.parked(state) }
  /// When the oldest dead letter that nobody has dealt with was parked.
  public var oldestDeadLetter: Timestamp? {
    gauges.parkedSince.count > 0 ? Timestamp(microseconds: gauges.parkedSince.first) : nil
  }

  /// The window of that length over all handoffs; at most as long as the longest that is kept.
  public func window(_ length: Duration) -> WindowValues {
    fleet.values(length.microseconds, at: at.microseconds)
  }

  /// The windows of that length of all groups of a dimension that have anything in them.
  ///
  /// Times are what takes longest to add up; who reads no quantile can do without.
  public func windows(
    _ length: Duration, by dimension: Dimension, withTimes: Bool = true
  ) -> [(group: Group, values: WindowValues)] {
    let windows = grouped.values(
      length.microseconds, by: dimension, at: at.microseconds, withTimes: withTimes)
    return zip(windows.keys, windows.values).compactMap { key, values in group(key).map { ($0, values) } }
  }

  /// The windows of that length of the handoffs of which a condition holds, by group of a dimension, or of none; nothing
  /// where nobody had them selected.
  public func windows(
    _ length: Duration, of condition: HandoffCondition, by dimension: Dimension?, withTimes: Bool
  ) -> [(group: Group?, values: WindowValues)] {
    guard let place = selections.selections.firstIndex(where: { $0.condition == condition }) else {
      return []
    }
    let windows = selections.windows[place].values(
      length.microseconds, by: dimension, at: at.microseconds, withTimes: withTimes)
    guard dimension != nil else { return [(nil, windows.values.first ?? WindowValues())] }
    return zip(windows.keys, windows.values).compactMap { key, values in group(key).map { ($0, values) } }
  }

  /// Whether the windows of that length by group are whole: under too many groups they reach less far back.
  public func areWindowsWhole(_ length: Duration) -> Bool {
    grouped.isWhole(length.microseconds, at: at.microseconds)
  }

  /// What a group is, unless its agent has left since.
  private func group(_ key: GroupKey) -> Group? {
    let first = AgentRef(raw: key.first)
    switch key.dimension {
    case .toAgent: return directory.name(of: first).map { .toAgent($0) }
    case .fromAgent: return directory.name(of: first).map { .fromAgent($0) }
    case .pair:
      guard let from = directory.name(of: first), let to = directory.name(of: AgentRef(raw: key.second))
      else {
        return nil
      }
      return .pair(from: from, to: to)
    case .reason: return HandoffReason(rawValue: UInt8(truncatingIfNeeded: key.first)).map { .reason($0) }
    case .kind: return HandoffKind(rawValue: UInt8(truncatingIfNeeded: key.first)).map { .kind($0) }
    case .pattern: return HandoffPattern(rawValue: UInt8(truncatingIfNeeded: key.first)).map { .pattern($0) }
    case .strategy:
      return EnvelopeStrategy(rawValue: UInt8(truncatingIfNeeded: key.first)).map { .strategy($0) }
    case nil: return nil
    }
  }

  /// The broadcasts last heard of.
  public var broadcasts: [Broadcast] {
    groups.map { group in
      Broadcast(
        groupID: group.name, fromAgent: directory.name(of: group.from),
        startedAt: Timestamp(microseconds: group.startedAt), receivers: Int(max(group.announced, group.seen)),
        acknowledged: Int(group.acknowledged))
    }
  }
}
