// The judgement of all rules: what happened and one snapshot in, changes of alerts out.
//
//   occurrences ─┐
//                ├─▶ measure ─▶ verdict ─▶ AlertLife.step ─▶ transitions ─▶ inhibition
//   snapshot ────┘
//
// What happened between two snapshots is judged first, in its order and at its own time, so that a circuit that
// opened and closed in between is an alert that fired and resolved. Then the snapshot is judged; it is the one
// that /metrics shows. Everything is a function of what came in: no clock, no file, no database. A group that is
// well and was never otherwise costs a comparison and is not remembered.
public import Analytics
public import Model

/// Judges rules, and remembers their alerts.
public struct Evaluator: Sendable {
  /// The rules.
  public private(set) var rules: RuleSet
  /// What an ungrouped rule last saw, by its name; not a number where it could not tell.
  public private(set) var values: [String: Double] = [:]
  /// Alerts that found no room.
  public private(set) var overflow: UInt64 = 0

  private var tables: [AlertTable]
  private var evidence = EvidenceLog()
  private var refusals = CountHistory()
  private var lastAt = Timestamp(microseconds: 0)

  /// The most alerts that are remembered at a time.
  public static let mostAlerts = 20_000

  /// An evaluator that has seen nothing.
  public init(_ rules: RuleSet) {
    self.rules = rules
    tables = rules.rules.map { AlertTable($0) }
  }

  /// Judges what happened, then how things stand.
  ///
  /// `judgesFleet` is whether rules of fleet scope are this sidecar's to judge, by what `sight` tells of the others;
  /// those that are not stay as they are. `knowsPast` is false after a start, until what was received before is in
  /// the snapshot again: what fired before goes on, however well it looks.
  public mutating func evaluate(
    _ snapshot: Snapshot, _ occurrences: [Occurrence] = [], own: OwnFigures = OwnFigures(),
    sight: FleetSight = FleetSight(), judgesFleet: Bool = true, knowsPast: Bool = true
  ) -> [Transition] {
    for occurrence in occurrences { evidence.note(occurrence) }
    let now = max(lastAt, snapshot.at)
    let started = lastAt
    lastAt = now
    refusals.note(own.refusedEvents, at: now.microseconds)
    var measurer = Measurer(snapshot, own, sight, refusals: refusals, rules.rules)
    var room = Self.mostAlerts - tables.reduce(0) { $0 + $1.count }
    var transitions: [Transition] = []
    for place in tables.indices where judgesFleet || tables[place].rule.scope == .instance {
      tables[place].resolves = knowsPast
      for occurrence in occurrences {
        transitions += tables[place].take(occurrence, since: started, evidence, &room)
      }
      let measurements = measurer.measure(tables[place].rule)
      note(measurements, of: tables[place].rule)
      transitions += tables[place].take(measurements, at: now, evidence, &room)
      overflow &+= tables[place].takeOverflow()
    }
    inhibit(&transitions)
    return transitions
  }

  private mutating func note(_ measurements: [Measurement], of rule: Rule) {
    guard rule.grouping == .fleet, rule.signal.kind != .event else { return }
    if case .value(let value) = measurements.first?.reading {
      values[rule.name] = value
    } else {
      values[rule.name] = .nan
    }
  }

  /// The alerts that are pending or firing.
  public var alerts: [Alert] { tables.flatMap(\.active) }

  /// How many alerts are pending and firing, by rule.
  public var counts: [(rule: Rule, pending: Int, firing: Int)] {
    tables.map { table in
      let active = table.active
      let firing = active.count { $0.state == .firing }
      return (table.rule, active.count - firing, firing)
    }
  }
}

extension Evaluator {
  /// Takes alerts that were stored as firing: they go on firing until they are judged good.
  ///
  /// What happened until an alert last changed, as `changes` tells, was judged then, and is passed over if it is told again.
  public mutating func restore(_ alerts: [Alert], changes: [Fingerprint: Timestamp] = [:]) {
    for place in tables.indices where !changes.isEmpty { tables[place].changes = changes }
    for alert in alerts where alert.state == .firing {
      guard let place = tables.firstIndex(where: { $0.rule.name == alert.name }) else { continue }
      tables[place].restore(alert)
    }
  }

  /// The alerts, pending or firing, of rules that one sidecar judges for all.
  public var fleetAlerts: [Alert] { tables.filter { $0.rule.scope == .fleet }.flatMap(\.active) }

  /// Lets go of the alerts of rules that one sidecar judges for all.
  public mutating func releaseFleet() {
    for place in tables.indices where tables[place].rule.scope == .fleet {
      values[tables[place].rule.name] = nil
      tables[place] = AlertTable(tables[place].rule)
    }
  }

  /// Goes on with the episode that another sidecar has begun to tell of: what is told of it is told as of the same.
  public mutating func join(_ fingerprint: Fingerprint, since: Timestamp) {
    for place in tables.indices { tables[place].join(fingerprint, since: since) }
  }

  /// Judges by other rules from now on.
  ///
  /// What fires stays, as long as its rule still names the same alert; the rest is resolved.
  public mutating func replace(_ new: RuleSet, at now: Timestamp) -> [Transition] {
    var transitions: [Transition] = []
    var tables = new.rules.map { AlertTable($0) }
    for old in self.tables {
      let place = tables.firstIndex { $0.rule.name == old.rule.name }
      let isKept = place.map { tables[$0].takeOver(old) } ?? false
      if !isKept { transitions += old.abandoned(at: now) }
    }
    rules = new
    self.tables = tables
    values = [:]
    return transitions
  }

  /// Marks the alerts that say nothing beside another.
  private mutating func inhibit(_ transitions: inout [Transition]) {
    var marks: [Fingerprint: String] = [:]
    for place in tables.indices {
      let rule = tables[place].rule
      let sources = tables.filter { $0.rule.inhibits.contains(rule.name) }
      if sources.isEmpty { continue }
      tables[place].inhibit(by: sources)
      for alert in tables[place].active { marks[alert.fingerprint] = alert.inhibitedBy }
    }
    for index in transitions.indices where transitions[index].alert.state != .resolved {
      transitions[index].alert.inhibitedBy = marks[transitions[index].alert.fingerprint]
    }
  }
}
