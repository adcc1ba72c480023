// What the drain does next, and what it makes of what happened: a value without effects.
//
//   disconnected ─connect→ connected ─prepare→ prepared ─take position→ draining ⇄ (batch after batch)
//        ▲                                                                 │
//        └────────── waiting ←── any failure: the connection is closed ────┘
//
// After any failure nothing is taken for granted: the way back leads through a new connection and a new
// look at the position, which is the only truth there is about what was committed.
import Platform
import Postgres

struct DrainMachine: Sendable {
  /// How the next batch is to be written.
  enum Manner: Sendable, Equatable {
    /// As fast as it goes.
    case swift
    /// Event by event where need be, because a value in it is refused.
    case careful
    /// With a look at what is there, because a row was there that should not have been.
    case wary
  }

  /// What to do.
  enum Action: Sendable, Equatable {
    case connect
    case prepare
    case takePosition
    case drain(from: UInt64, maxBytes: Int, Manner)
    case pause(until: MonotonicInstant)
    case halt
  }

  /// What happened.
  enum Outcome: Sendable {
    case connected
    case prepared
    case took(UInt64)
    case committed(UInt64)
    case failed(FaultClass, isFinal: Bool, isUnique: Bool, wantsLess: Bool)
  }

  private enum Phase: Equatable {
    case disconnected
    case connected
    case prepared
    case draining(UInt64)
    case waiting(until: MonotonicInstant)
    case halted
  }

  /// What a usual batch may hold.
  static let mostBytes = 2 << 20
  private static let fewestBytes = 64 << 10

  private var phase = Phase.disconnected
  private var backoff: Backoff
  /// The last position that was known; moving past it is progress, however the answer to COMMIT was lost.
  private var reached: UInt64 = 0
  private var collisions = 0
  private var manner = Manner.swift
  private var maxBytes = Self.mostBytes

  /// A machine that waits at most `patience` for what is likely to pass by itself.
  init(patience: Duration = .seconds(10)) {
    backoff = Backoff(patience: patience)
  }

  /// Whether the last thing done went well.
  var isHealthy: Bool {
    if case .draining = phase { true } else { false }
  }

  /// What to do now.
  mutating func next(_ now: MonotonicInstant) -> Action {
    switch phase {
    case .disconnected: return .connect
    case .connected: return .prepare
    case .prepared: return .takePosition
    case .draining(let position): return .drain(from: position, maxBytes: maxBytes, manner)
    case .halted: return .halt
    case .waiting(let end):
      if now < end { return .pause(until: end) }
      phase = .disconnected
      return .connect
    }
  }

  /// Takes note of what happened; `jitter` is a random number from 0 to 1.
  mutating func note(_ outcome: Outcome, _ now: MonotonicInstant, jitter: Double) {
    switch outcome {
    case .connected: phase = .connected
    case .prepared: phase = .prepared
    case .took(let position):
      if position > reached { backoff.reset() }
      reached = position
      phase = .draining(position)
    case .committed(let position):
      reached = position
      phase = .draining(position)
      backoff.reset()
      collisions = 0
      manner = .swift
      maxBytes = min(maxBytes * 2, Self.mostBytes)
    case .failed(let fault, let isFinal, let isUnique, let wantsLess):
      if wantsLess { maxBytes = max(maxBytes / 2, Self.fewestBytes) }
      phase = isFinal ? .halted : afterFailure(fault, isUnique, now, jitter)
    }
  }

  private mutating func afterFailure(
    _ fault: FaultClass, _ isUnique: Bool, _ now: MonotonicInstant, _ jitter: Double
  ) -> Phase {
    switch fault {
    case _ where isUnique && manner == .swift:
      manner = .wary
      return .disconnected
    case .poison where manner != .careful:
      manner = .careful
      return .disconnected
    case .collision where collisions < 5:
      collisions += 1
      return .disconnected
    case .collision: return wait(.collision, now, jitter)
    case .full: return wait(.full, now, jitter)
    case .configuration: return wait(.configuration, now, jitter)
    case .transient, .wrongNode, .poison: return wait(.transient, now, jitter)
    }
  }

  private mutating func wait(_ kind: Backoff.FaultKind, _ now: MonotonicInstant, _ jitter: Double) -> Phase {
    .waiting(until: now + backoff.next(after: kind, jitter: jitter))
  }
}
