/// What stands now, over all handoffs.
struct Gauges: Sendable {
  var active = 0
  var overdue = 0
  /// Dead letters, by where they stand.
  private var parked = InlineArray<3, Int>(repeating: 0)
  /// When the dead letters that nobody has dealt with were parked; those dealt with leave when they come up.
  var parkedSince = DueHeap()

  func parked(_ state: ParkingState) -> Int { parked[Int(state.rawValue)] }

  mutating func move(_ former: ParkingState?, to state: ParkingState?) {
    if let former { parked[Int(former.rawValue)] -= 1 }
    if let state { parked[Int(state.rawValue)] += 1 }
  }

  /// As the database knows them, before a restart.
  mutating func resume(_ state: ParkingState, _ number: Int) { parked[Int(state.rawValue)] = number }
}

extension Analytics {
  /// Keeps the gauges of dead letters in line with one of them.
  mutating func park(_ slot: Int, _ state: ParkingState?) {
    gauges.move(handoffs[slot].parking, to: state)
    handoffs[slot].parking = state
    if state == .pending || state == .unhandled {
      let parkedAt = handoffs[slot].life.firstParkedAt
      guard handoffs[slot].enteredAs != parkedAt else { return }
      handoffs[slot].enteredAs = parkedAt
      gauges.parkedSince.push(parkedAt, slot)
    } else {
      handoffs[slot].enteredAs = .max
    }
    dropDealtWith()
  }

  private mutating func dropDealtWith() {
    while gauges.parkedSince.count > 0, !isStillParked(gauges.parkedSince.top) {
      _ = gauges.parkedSince.pop()
    }
    let open = gauges.parked(.pending) + gauges.parked(.unhandled)
    guard gauges.parkedSince.count > 2 * open + 64 else { return }
    let entries = gauges.parkedSince.all.filter(isStillParked)
    gauges.parkedSince = DueHeap()
    for entry in entries { gauges.parkedSince.push(entry.deadline, entry.owner) }
  }

  private func isStillParked(_ entry: (deadline: Int64, owner: Int)) -> Bool {
    handoffs[entry.owner].enteredAs == entry.deadline
  }
}
