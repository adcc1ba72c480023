import Hashing
public import Model

extension Analytics {
  /// Says whether other sidecars' events can be looked up; what waited for that is judged anew.
  public mutating func setReach(_ reach: DatabaseReach, at moment: Timestamp) {
    advance(to: moment.microseconds)
    guard reach != self.reach else { return }
    self.reach = reach
    judgeOpenAnew()
  }

  /// From now on a handoff is overdue after another time; those that are open are judged anew.
  public mutating func setAcknowledgementTimeout(_ timeout: Duration, at moment: Timestamp) {
    advance(to: moment.microseconds)
    guard timeout != settings.acknowledgementTimeout else { return }
    settings.acknowledgementTimeout = timeout
    times = FoldTimes(settings)
    judgeOpenAnew()
  }

  private mutating func judgeOpenAnew() {
    unconfirmed = []
    var slot = handoffs.first(of: .open)
    while let open = slot {
      slot = handoffs.next(after: open)
      handoffs[open].marks.subtract([.unconfirmed, .heldBack])
      settle(open)
    }
  }

  /// The handoffs past their time that have to be looked up: to be refreshed, then confirmed.
  public mutating func takeUnconfirmed(most: Int) -> [[UInt8]] {
    let taken = unconfirmed.prefix(max(0, most))
    unconfirmed.removeFirst(taken.count)
    return taken.map(Int.init).filter { handoffs[$0].marks.contains(.unconfirmed) }
      .map { Array(handoffs.texts[handoffs[$0].text]) }
  }

  /// Says that these were looked up and refreshed: those that still wait are overdue.
  public mutating func confirm(_ handoffIDs: [[UInt8]], at moment: Timestamp) {
    advance(to: moment.microseconds)
    for id in handoffIDs {
      guard let slot = handoffs.find(Hash.hash128(id, seed: settings.hashSeed)),
        handoffs[slot].marks.contains(.unconfirmed)
      else { continue }
      handoffs[slot].marks.remove(.unconfirmed)
      handoffs[slot].marks.insert(.overdue)
      settle(slot)
    }
    trim()
  }
}
