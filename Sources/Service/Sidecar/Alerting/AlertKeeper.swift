// Alerts, live: one lane that judges, remembers and tells.
//
//   numbers ─▶ occurrences, at once ─┐
//   clock ───▶ each second ──────────┼─▶ Evaluator ─▶ claims ─▶ Announcer ─▶ journal ─▶ Dispatcher ─▶ receivers
//   snapshot, own figures ───────────┘                                          └─▶ AlertSharing ─▶ PostgreSQL
//
// A notification goes out when the journal has it on disk, and the journal forgets it when it was delivered or given up.
// So a process that dies comes back to what it had decided. PostgreSQL is asked for one thing on the way, whether another
// sidecar speaks for the alert already, and that for 300 ms at most; the rest goes there afterwards.
import Alerts
import Analytics
import Delivery
import Model
import Platform
import Spool

/// What alerts are judged by, beside the snapshot.
struct AlertSources: Sendable {
  var numbers: Numbers
  var own: @Sendable () -> Alerts.OwnFigures
  /// Whether everything received before the start is in the numbers again.
  var knowsPast: @Sendable () -> Bool
  /// Whether the numbers have folded what the spool held at the start.
  var isReady: @Sendable () -> Bool
}

/// Keeps the alerts of this sidecar.
final class AlertKeeper: Sendable {
  /// What others see.
  struct View: Sendable {
    var alerts: [Alert] = []
    var figures = AlertFigures()
    var unshipped: [AlertMemory.Unshipped] = []
    /// The alerts that this sidecar speaks for and of which it has told.
    var told: Set<Fingerprint> = []
  }

  let view = Guarded(View())
  let inbox: AlertInbox
  let dispatcher: Dispatcher
  let sharing: AlertSharing
  private let sources: AlertSources
  private let directory: String
  private let time: any TimeSource
  private let log: Log

  init(
    directory: String, inbox: AlertInbox, sources: AlertSources, sharing: AlertSharing, time: any TimeSource,
    log: Log
  ) {
    self.directory = directory
    self.inbox = inbox
    self.sources = sources
    self.sharing = sharing
    self.time = time
    self.log = log
    dispatcher = Dispatcher(seed: SystemRandomNumberGenerator.word(), time: time, log: log) {
      [inbox] notice, _ in inbox.putSettled(notice.id)
    }
  }

  /// Opens the journal and starts the lane.
  func start(_ rules: RuleSet, address: String) throws(StartFailure) -> Lane {
    let journal = try openJournal()
    sharing.use(journal.identity, owned: journal.memory.told.values.flatMap(\.keys))
    let externalURL = rules.externalURL ?? address
    do throws(SystemError) {
      try dispatcher.use(rules, Message.Surroundings(externalURL: externalURL))
      dispatcher.deliver(journal.memory.waiting)
      return try Lane(name: "alerts") { [self] in
        var desk = AlertDesk(rules, journal, self, address: address, now: wall)
        run(&desk)
      }
    } catch {
      throw StartFailure(error)
    }
  }

  private func openJournal() throws(StartFailure) -> AlertJournal {
    do throws(SpoolError) {
      return try AlertJournal(directory: directory, time: time, log: log)
    } catch {
      throw StartFailure(error)
    }
  }

  /// Ends the lanes; what waits to be delivered is delivered after the next start.
  func stop() {
    sharing.close()
    inbox.close()
    dispatcher.close()
  }

  /// Whether everything received before the start is in the numbers again.
  var knowsPast: Bool { sources.knowsPast() }

  /// What this sidecar has seen from a moment on, for others.
  func slices(from first: Timestamp) -> [WindowSlice] { sources.numbers.snapshot().slices(from: first) }

  var wall: Timestamp { Timestamp(microseconds: time.wall().microseconds) }

  /// As often as this something that happened is judged, at the most.
  private static let breath = Duration.milliseconds(20)

  private func run(_ desk: inout AlertDesk) {
    let startedAt = time.now()
    var lastAt = time.now()
    // What happens before the past is folded waits: it is judged on the numbers it belongs to.
    var held: [Occurrence] = []
    while true {
      let content = inbox.take(until: lastAt + desk.rules.evaluatesEvery)
      desk.settle(content)
      if let rules = content.rules { use(rules, &desk) }
      if content.isClosed { return desk.close() }
      held += content.occurrences
      guard sources.isReady() else {
        lastAt = time.now()
        continue
      }
      lastAt = time.now()
      let isLong = lastAt - startedAt > .seconds(120)
      desk.judge(
        sources.numbers.snapshot(), held, own: sources.own(),
        knowsPast: sources.knowsPast() || isLong)
      held = []
      if content.isUrgent { inbox.rest(until: time.now() + Self.breath) }
    }
  }

  private func use(_ rules: RuleSet, _ desk: inout AlertDesk) {
    desk.replace(rules, at: wall)
    do throws(SystemError) {
      try dispatcher.use(rules, Message.Surroundings(externalURL: desk.externalURL))
    } catch {
      log(.error, "cannot start the lane of a receiver; it is told nothing", ["error": .of(error)])
    }
  }
}
