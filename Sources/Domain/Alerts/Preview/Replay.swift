// History through the same fold and the same judgement as live, with time as an argument.
//
//   events, in the order of receipt ─▶ Analytics ─▶ occurrences, at once ─┐
//   each `evaluate_every` of the time that passes ───▶ snapshot ──────────┴▶ Evaluator ─▶ episodes
//
// Where nothing was received for so long that every window is empty, nothing slides any more: what can happen then are
// deadlines and ages. So quiet time is leapt over, as far as a trial run finds that nothing changes; where something
// does, the leap is halved until its moment is found. What is kept does not grow with the history: the fold is bounded,
// and so is the list of episodes.
public import Analytics
public import Model

/// Replays events through rules.
public struct Replay: Sendable {
  /// What would have fired: each alert as it began, in the order of the ends; what fires still comes last, without one.
  public private(set) var episodes: [Alert] = []
  /// Episodes beyond those that are kept.
  public private(set) var omitted = 0
  /// How many events were replayed.
  public private(set) var events = 0
  /// Where time stands.
  public private(set) var now: Timestamp

  private var analytics: Analytics
  private var evaluator: Evaluator
  private var open: [Fingerprint: Alert] = [:]
  private let since: Timestamp
  private let mostEpisodes: Int
  private let every: Int64
  /// For how long after an event something may slide out of a window.
  private let settles: Int64
  private var judgedAt: Int64
  private var heardAt: Int64

  /// Before this nothing needs to be replayed for what is listed from some moment on.
  public static let leadIn = Duration.seconds(3600)
  /// What happens within so many microseconds is judged together, as live.
  private static let breath: Int64 = 20_000
  private static let longestLeap: Int64 = 600_000_000

  /// A replay that begins at `start` and lists what fires at or after `since`.
  public init(
    _ rules: RuleSet, _ settings: AnalyticsSettings, from start: Timestamp, listingSince since: Timestamp,
    mostEpisodes: Int = 10_000
  ) {
    analytics = Analytics(rules.windows(in: settings))
    evaluator = Evaluator(rules)
    every = max(1, rules.evaluatesEvery.microseconds)
    settles = (settings.longestWindow + settings.groupSlice + settings.slice).microseconds
    self.since = since
    self.mostEpisodes = mostEpisodes
    now = start
    judgedAt = start.microseconds
    heardAt = start.microseconds
    analytics.advance(to: start)
  }

  /// The rules that the record cannot be tried on: they are about the sidecar itself.
  public static func isReplayable(_ rule: Rule) -> Bool { rule.signal.kind != .own }

  /// Takes the next event.
  public mutating func take(_ frame: EventFrame, receivedAt: Timestamp) {
    pass(until: receivedAt)
    analytics.step(frame, receivedAt: now)
    events += 1
    heardAt = now.microseconds
    if analytics.hasOccurrences, now.microseconds &- judgedAt >= Self.breath { judge(at: now.microseconds) }
  }

  /// Lets time pass.
  public mutating func pass(until moment: Timestamp) {
    let end = moment.microseconds
    while judgedAt &+ every <= end {
      if judgedAt &- heardAt > settles, leap(until: end) { continue }
      judge(at: judgedAt &+ every)
    }
    now = max(now, moment)
  }

  /// Says that there is nothing more: what fires still is listed as such.
  public mutating func finish(at end: Timestamp) {
    pass(until: end)
    if analytics.hasOccurrences { judge(at: max(judgedAt, end.microseconds)) }
    for alert in open.values.sorted(by: { ($0.since, $0.fingerprint) < ($1.since, $1.fingerprint) }) {
      list(alert)
    }
    open = [:]
  }

  private mutating func judge(at moment: Int64) {
    let at = Timestamp(microseconds: moment)
    analytics.advance(to: at)
    judgedAt = moment
    note(evaluator.evaluate(analytics.snapshot(at: at), analytics.takeOccurrences()))
  }

  /// Leaps over time in which nothing changes; false where the next moment has to be looked at by itself.
  private mutating func leap(until end: Int64) -> Bool {
    if analytics.hasOccurrences { return false }
    var length = min(end &- judgedAt, Self.longestLeap) / every
    while length > 1 {
      let at = Timestamp(microseconds: judgedAt &+ length &* every)
      var (analytics, evaluator) = (analytics, evaluator)
      analytics.advance(to: at)
      if !analytics.hasOccurrences, evaluator.evaluate(analytics.snapshot(at: at)).isEmpty {
        (self.analytics, self.evaluator) = (analytics, evaluator)
        judgedAt = at.microseconds
        return true
      }
      length /= 2
    }
    return false
  }

  private mutating func note(_ transitions: [Transition]) {
    for transition in transitions {
      let alert = transition.alert
      switch alert.state {
      case .firing: open[alert.fingerprint] = alert
      case .resolved:
        guard var known = open.removeValue(forKey: alert.fingerprint) else { continue }
        known.endedAt = alert.endedAt
        if isCounted(alert) { known.value = alert.value }
        if transition.at >= since { list(known) }
      case .pending, .inactive: break
      }
    }
  }

  /// Whether its value is how often it happened, and not what was measured when it began.
  private func isCounted(_ alert: Alert) -> Bool {
    evaluator.rules.rules.first { $0.name == alert.name }?.signal == .failureEvent
  }

  private mutating func list(_ alert: Alert) {
    if episodes.count < mostEpisodes { episodes.append(alert) } else { omitted += 1 }
  }
}
