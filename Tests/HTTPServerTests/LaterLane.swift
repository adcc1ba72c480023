import HTTPServer
import Platform

/// A lane that answers requests with their own bodies, a group at a time, as a spool does.
final class LaterLane: Sendable {
  private struct State: Sendable {
    var waiting: [(body: [UInt8], reply: Reply)] = []
    var isStopped = false
    var isHeld = false
    var answered = 0
  }

  private let gate: Gate<State>
  private let lane: Lane

  init() throws {
    let gate = Gate(State())
    self.gate = gate
    lane = try Lane(name: "later") {
      while let group = Self.take(gate) {
        for (body, reply) in group { reply.send(.json(body)) }
        gate.withLock { $0.answered += group.count }
      }
    }
  }

  var answered: Int { gate.withLock { $0.answered } }
  var waiting: Int { gate.withLock { $0.waiting.count } }

  func push(_ body: [UInt8], _ reply: Reply) {
    gate.withLock { $0.waiting.append((body, reply)) }
    gate.signal()
  }

  /// Answers nothing until it is let go.
  func hold() { gate.withLock { $0.isHeld = true } }

  func letGo() {
    gate.withLock { $0.isHeld = false }
    gate.signal()
  }

  func stop() {
    gate.withLock { ($0.isStopped, $0.isHeld) = (true, false) }
    gate.signal()
    lane.join()
  }

  private static func take(_ gate: Gate<State>) -> [(body: [UInt8], reply: Reply)]? {
    let taken: [(body: [UInt8], reply: Reply)]?? = gate.wait(until: nil) { state in
      if state.isHeld { return .none }
      if state.waiting.isEmpty { return state.isStopped ? .some(nil) : .none }
      defer { state.waiting = [] }
      return .some(state.waiting)
    }
    return taken ?? nil
  }
}
