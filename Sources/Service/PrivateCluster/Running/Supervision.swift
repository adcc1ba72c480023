// What to do next about the server, given what is seen of it.
//
//   down ──launch──▶ launching ──answers──▶ ready
//    ▲                  │ ended               │ ended
//    └──────────────────┴─────────────────────┘
//
// After a postmaster was killed its backends may live on: one that works finishes its statement first. Until the last
// is gone PostgreSQL refuses to start ("pre-existing shared memory block is still in use"). So nothing is launched while
// processes work in the cluster; they are asked to go after 2 s, and made to after 10 s. A server that recovers from a
// crash answers "starting up" and gets all the time it needs; one that answers nothing at all is replaced after 30 s.
import Platform

/// The state of a server's supervision.
struct Supervision: Hashable, Sendable {
  /// How far the server is.
  enum Phase: Hashable, Sendable {
    /// No server; none is started before that instant.
    case down(since: MonotonicInstant, notBefore: MonotonicInstant)
    /// A process runs and does not take connections yet; when it last said something.
    case launching(heard: MonotonicInstant)
    /// It takes connections.
    case ready(since: MonotonicInstant)
  }

  /// What a connection attempt found.
  enum Answer: Hashable, Sendable {
    /// It takes connections.
    case ready
    /// It says that it is starting or recovering.
    case starting
    /// It takes connections, but not ours, and this would help.
    case needs(Provision.Part)
    /// Nothing, or nothing that makes sense.
    case silence
  }

  /// What is seen.
  struct Sight: Hashable, Sendable {
    /// Whether the server's process runs.
    var isRunning: Bool
    /// Processes that work in the cluster; counted only while there is no server.
    var leftovers: Int
    /// What a connection attempt found; tried only while launching.
    var answer: Answer
  }

  /// What is to be done.
  enum Action: Hashable, Sendable {
    /// Nothing yet.
    case wait
    /// End what works in the cluster, by this signal.
    case clear(Signal)
    /// Start the server.
    case launch
    /// Say that it is there.
    case announce
    /// Say that it ended; it was ready before or not.
    case mourn(wasReady: Bool)
    /// End it; it will be started again.
    case replace
    /// End it, and see to this.
    case provide(Provision.Part)
  }

  private(set) var phase: Phase
  /// How often in a row it ended or was replaced before it was ready for a minute.
  private(set) var failures = 0
  private var provided: Set<Provision.Part> = []

  /// Nothing runs yet.
  init(now: MonotonicInstant) {
    phase = .down(since: now, notBefore: now)
  }

  /// A server of an earlier sidecar runs.
  init(adoptedAt now: MonotonicInstant) {
    phase = .launching(heard: now)
  }

  private static let askAfter = Duration.seconds(2)
  private static let forceAfter = Duration.seconds(10)
  private static let silenceLimit = Duration.seconds(30)
  private static let steady = Duration.seconds(60)
  private static let longestPause = Duration.seconds(5)

  /// Takes in what is seen.
  mutating func step(_ sight: Sight, now: MonotonicInstant) -> Action {
    switch phase {
    case .down(let since, let notBefore): whileDown(sight, since, notBefore, now)
    case .launching(let heard): whileLaunching(sight, heard, now)
    case .ready(let since): whileReady(sight, since, now)
    }
  }

  private mutating func whileDown(
    _ sight: Sight, _ since: MonotonicInstant, _ notBefore: MonotonicInstant, _ now: MonotonicInstant
  ) -> Action {
    if sight.leftovers > 0 {
      let waited = now - since
      return waited >= Self.forceAfter ? .clear(.kill) : waited >= Self.askAfter ? .clear(.quit) : .wait
    }
    if now < notBefore { return .wait }
    phase = .launching(heard: now)
    return .launch
  }

  private mutating func whileLaunching(
    _ sight: Sight, _ heard: MonotonicInstant, _ now: MonotonicInstant
  ) -> Action {
    if !sight.isRunning { return fall(now, .mourn(wasReady: false)) }
    switch sight.answer {
    case .ready:
      phase = .ready(since: now)
      return .announce
    case .starting:
      phase = .launching(heard: now)
      return .wait
    case .needs(let part) where provided.insert(part).inserted:
      phase = .down(since: now, notBefore: now)
      return .provide(part)
    case .needs, .silence:
      return now - heard >= Self.silenceLimit ? fall(now, .replace) : .wait
    }
  }

  private mutating func whileReady(
    _ sight: Sight, _ since: MonotonicInstant, _ now: MonotonicInstant
  ) -> Action {
    if !sight.isRunning { return fall(now, .mourn(wasReady: true)) }
    if now - since >= Self.steady {
      failures = 0
      provided = []
    }
    return .wait
  }

  /// Back to the start: at once the first time, then later and later.
  private mutating func fall(_ now: MonotonicInstant, _ action: Action) -> Action {
    let doublings = min(failures, 6)
    let pause = failures == 0 ? Duration.zero : min(.milliseconds(100) * (1 << doublings), Self.longestPause)
    failures += 1
    phase = .down(since: now, notBefore: now + pause)
    return action
  }
}
