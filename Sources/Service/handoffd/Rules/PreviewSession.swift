import Alerts
import Analytics
import Configuration
import Model
import Platform
import Wording

/// The time that is looked at.
struct PreviewSpan {
  /// From here on alerts are listed.
  let since: Timestamp
  /// The end.
  let until: Timestamp
  /// From here on events are replayed.
  let start: Timestamp

  /// The span that the settings name; nil if it has no length, or names no day there is.
  init?(_ settings: PreviewSettings, at now: WallTime) {
    func moment(_ text: String) -> Timestamp? {
      Timestamp(rfc3339: Array(Moment.absolute(text, at: now).utf8)[...])
    }
    guard let since = moment(settings.since), let until = settings.until.map(moment) ?? Timestamp(now),
      since < until
    else { return nil }
    self.since = since
    self.until = until
    start = Timestamp(microseconds: since.microseconds &- Int64(Replay.leadIn.inSeconds) &* 1_000_000)
  }
}

extension Timestamp {
  fileprivate init(_ time: WallTime) { self.init(microseconds: time.microseconds) }
}

/// One run of `rules preview`.
struct PreviewSession: ~Copyable {
  let rules: RuleSet
  let settings: PreviewSettings
  let span: PreviewSpan
  let program: Program

  private var replay: Replay
  private var lines = LogLines()
  private var line: WatchedLine
  private let start: MonotonicInstant
  private let progress: ProgressLine

  init(rules: RuleSet, settings: PreviewSettings, span: PreviewSpan, program: Program) {
    self.rules = rules
    self.settings = settings
    self.span = span
    self.program = program
    start = program.time.now()
    line = WatchedLine(program.console, program.time)
    progress = ProgressLine(total: Self.seconds(from: span.start, to: span.until))
    var analytics = AnalyticsSettings()
    analytics.acknowledgementTimeout = settings.acknowledgementTimeout
    analytics.idleAfter = settings.idleAfter
    replay = Replay(
      rules, analytics, from: span.start, listingSince: span.since, mostEpisodes: settings.limit)
  }

  private static func seconds(from start: Timestamp, to end: Timestamp) -> Int {
    Int(clamping: (end.microseconds &- start.microseconds) / 1_000_000)
  }

  /// Replays everything and shows what came of it; gives the exit code.
  mutating func run() throws(SystemError) -> Int32 {
    var failure: AuditFailure?
    do throws(AuditFailure) {
      let log = [("of", "log"), ("since", span.start.text), ("until", span.until.text)]
      try SidecarClient(url: settings.url, timeout: settings.timeout).stream("/v1/export", log) { piece in
        take(piece)
        return true
      }
    } catch {
      failure = error
    }
    line.clear()
    if let failure { return tell(failure) }
    replay.finish(at: span.until)
    let console = program.console
    let format = settings.form.format ?? (console.terminal == nil ? .ndjson : .table)
    let paper = Paper(terminal: console.terminal, environment: program.environment)
    try console.write(
      PreviewWriter(paper: paper).write(replay.episodes, until: span.until, format))
    console.error(notes.map { $0 + "\n" }.joined())
    return Program.Exit.done
  }

  private mutating func take(_ piece: [UInt8]) {
    for event in lines.take(piece) {
      replay.take(event.frame, receivedAt: event.receivedAt)
    }
    let seconds = (program.time.now() - start).inSeconds
    line.show(
      progress.render(
        consumed: Self.seconds(from: span.start, to: replay.now), events: replay.events, refused: 0,
        seconds: seconds))
  }

  private func tell(_ failure: AuditFailure) -> Int32 {
    program.console.error("handoffd: cannot preview rules: \(failure.words)\n")
    return failure.isWrongUsage ? Program.Exit.wrongUsage : Program.Exit.failed
  }

  /// What the list does not say.
  private var notes: [String] {
    var notes: [String] = []
    let passedOver = rules.rules.filter { !Replay.isReplayable($0) }.map(\.name)
    if program.console.isWatched { notes.append(summary) }
    if !passedOver.isEmpty {
      notes.append("Not tried, because the record does not say: \(passedOver.joined(separator: ", ")).")
    }
    if lines.unread > 0 { notes.append("\(lines.unread) events could not be read and were passed over.") }
    if replay.omitted > 0 {
      notes.append("\(replay.omitted) more would have fired; --limit \(settings.limit) cut the list.")
    }
    return notes
  }

  private var summary: String {
    let count = replay.episodes.count + replay.omitted
    return "\(replay.events) events replayed; \(count) alert\(count == 1 ? "" : "s") would have fired."
  }
}
