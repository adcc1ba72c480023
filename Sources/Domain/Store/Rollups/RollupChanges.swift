import Model

/// What a batch changes in the rollups, by minute and pair: what its records say now, less what they said before.
struct RollupChanges: Sendable {
  /// A minute, and the place of a pair in the table.
  private struct Slot: Hashable {
    var minute: Int64
    var place: Int
  }

  private struct Change {
    var slot: Slot
    var counts = [Int64](repeating: 0, count: RollupCount.allCases.count)
    var observations = [[Int32]](repeating: [], count: RollupMeasure.allCases.count)
  }

  private var changes: [Change] = []
  private var numbers: [Slot: Int] = [:]
  private var recent: (slot: Slot, number: Int)?

  var isEmpty: Bool { changes.isEmpty }

  mutating func removeAll() {
    changes.removeAll(keepingCapacity: true)
    numbers.removeAll(keepingCapacity: true)
    recent = nil
  }

  /// Notes that a record was written.
  mutating func note(_ group: HandoffGroup, _ pairs: inout PairTable) {
    guard let present = group.places else { return }
    let bytes = group.record.bytes
    if let former = group.former {
      let places = former.places(in: bytes, &pairs, group.formerlyRolled)
      if former == group.present, places == present { return }
      add(former, places, isTakenBack: true)
    }
    if let contribution = group.present { add(contribution, present, isTakenBack: false) }
  }

  /// Calls `body` for each minute and place that is changed.
  func forEach<Failure>(
    _ body: (_ minute: Int64, _ place: Int, RollupFigures) throws(Failure) -> Void
  ) throws(Failure) {
    for change in changes {
      let sketches = change.observations.map { RollupSketch($0) }
      try body(
        change.slot.minute, change.slot.place, RollupFigures(counts: change.counts, sketches: sketches))
    }
  }

  private mutating func number(of minute: Int64, _ place: Int) -> Int {
    let slot = Slot(minute: minute, place: place)
    if let recent, recent.slot == slot { return recent.number }
    let number = numbers[slot] ?? changes.count
    if number == changes.count {
      changes.append(Change(slot: slot))
      numbers[slot] = number
    }
    recent = (slot, number)
    return number
  }

  private mutating func count(_ count: RollupCount, _ number: Int, _ amount: Int64) {
    changes[number].counts[count.rawValue] &+= amount
  }

  private mutating func observe(_ measure: RollupMeasure, _ number: Int, _ value: Double, _ isTakenBack: Bool)
  {
    changes[number].observations[measure.rawValue].append(
      RollupSketch.observation(of: value, isTakenBack: isTakenBack))
  }

  private mutating func add(_ one: Contribution, _ places: PairPlaces, isTakenBack: Bool) {
    let sign: Int64 = isTakenBack ? -1 : 1
    if let minute = one.started { count(.started, number(of: minute, places.pair), sign) }
    if let minute = one.diverted { count(.diverted, number(of: minute, places.diverted), sign) }
    guard let outcome = one.outcome else { return }
    let number = number(of: one.concluded, places.pair)
    count(RollupCount(outcome), number, sign)
    if one.isCompleted { count(.completed, number, sign) }
    if one.hasFailedAtWork { count(.workFailed, number, sign) }
    if let latency = one.latency {
      count(.latency, number, sign &* latency)
      observe(.latency, number, Double(latency) / 1e6, isTakenBack)
    }
    if let duration = one.duration {
      count(.duration, number, sign &* duration)
      observe(.duration, number, Double(duration) / 1e6, isTakenBack)
    }
    if let share = one.references {
      count(.resolved, number, sign &* share.part)
      count(.requested, number, sign &* share.whole)
      observe(.completeness, number, share.ratio, isTakenBack)
    }
    if let share = one.tokens {
      count(.used, number, sign &* share.part)
      count(.budget, number, sign &* share.whole)
      observe(.utilization, number, share.ratio, isTakenBack)
    }
  }
}

/// Where a handoff counts.
struct PairPlaces: Equatable, Sendable {
  var pair = PairTable.rest
  var diverted = PairTable.rest
}

extension Contribution {
  /// Where it is counted from now on, and how its record remembers that.
  func places(in bytes: [UInt8], _ pairs: inout PairTable, now: Int64) -> (PairPlaces, RolledPlaces) {
    var places = PairPlaces()
    var marks: RolledPlaces = []
    let from = bytes[from ?? 0..<0]
    places.pair = pairs.place(from: from, to: bytes[to ?? 0..<0], now: now)
    if places.pair == PairTable.rest { marks.insert(.pair) }
    if diverted != nil {
      places.diverted = pairs.place(from: from, to: bytes[original ?? 0..<0], now: now)
      if places.diverted == PairTable.rest { marks.insert(.diverted) }
    }
    return (places, marks)
  }

  /// Where it was counted before, as its record remembers that.
  func places(in bytes: [UInt8], _ pairs: inout PairTable, _ marks: RolledPlaces) -> PairPlaces {
    var places = PairPlaces()
    let from = bytes[from ?? 0..<0]
    if !marks.contains(.pair) {
      places.pair = pairs.ownPlace(from: from, to: bytes[to ?? 0..<0], now: concluded)
    }
    if diverted != nil, !marks.contains(.diverted) {
      places.diverted = pairs.ownPlace(from: from, to: bytes[original ?? 0..<0], now: concluded)
    }
    return places
  }
}
