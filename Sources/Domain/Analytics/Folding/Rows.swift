import Model

// Failures in a row, and the circuit they open: per target, in the order of receipt. A handoff counts
// once in a row; it remembers the number of the target's row in which it was counted.

extension Analytics {
  /// Counts a failed attempt in the target's row.
  mutating func countFailureInARow(_ slot: Int) {
    guard !isLate, let place = agents.place(of: handoffs[slot].to) else { return }
    let row = agents[place].inARow.row
    guard handoffs[slot].failureRow != row else { return }
    handoffs[slot].failureRow = row
    agents[place].inARow.countFailure()
  }

  /// Counts an exhausted handoff in the row of a target, which may open its circuit.
  mutating func countExhaustedInARow(_ slot: Int, _ target: AgentRef) {
    guard let place = agents.place(of: target) else { return }
    // Only towards its present target does the handoff know where it was counted.
    let isPresent = target == handoffs[slot].to
    let row = agents[place].inARow.row
    if !isPresent || handoffs[slot].failureRow != row { agents[place].inARow.countFailure() }
    if !isPresent || handoffs[slot].exhaustedRow != row { agents[place].inARow.countExhausted() }
    if isPresent {
      handoffs[slot].failureRow = row
      handoffs[slot].exhaustedRow = row
    }
    let exhausted = agents[place].inARow.exhausted
    agents[place].circuit.noteExhausted(inARow: exhausted, at: now, times.circuit)
    settleCircuit(place)
  }

  /// Ends the row of a handoff's target: something was delivered to it.
  mutating func endRow(_ slot: Int) {
    guard let place = agents.place(of: handoffs[slot].to) else { return }
    agents[place].inARow.end()
    agents[place].circuit.noteDelivery(at: now)
    if agents[place].circuit.state != .closed { settleCircuit(place) }
  }

  /// Notes that something is under way to a handoff's target.
  mutating func noteTraffic(_ slot: Int) {
    guard !isLate, let place = agents.place(of: handoffs[slot].to) else { return }
    agents[place].circuit.noteTraffic(at: now)
    if agents[place].circuit.derived == .halfOpen { settleCircuit(place) }
  }

  /// Brings a circuit up to now, and sets the time at which it may change of itself.
  mutating func settleCircuit(_ place: Int) {
    let wasHalfOpen = agents[place].circuit.derived == .halfOpen
    if agents[place].circuit.settle(at: now, times.circuit) {
      let state = agents[place].circuit.state
      agents.series[agents[place].series].countTransition(to: state)
      note(.circuit(state), target: agents.ref(at: place))
    }
    if wasHalfOpen, agents[place].circuit.derived == .closed { agents[place].inARow.forgetExhausted() }
    if let due = agents[place].circuit.due(times.circuit) {
      timers.set(place, due)
    } else {
      timers.withdraw(place)
    }
  }
}
