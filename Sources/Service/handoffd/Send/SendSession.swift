import Configuration
import HTTPClient
import Platform

/// One run of `send`: lines in, batches out, a report at the end.
struct SendSession {
  private var lines: LineSource
  private var delivery: Delivery
  private var report = SendReport()
  private var held: LineSource.Line?
  /// Why there are no more lines, if that is not the end.
  private var unreadable: UnreadableInput?
  private let settings: SendSettings
  private let screen: Screen
  private let time: any TimeSource
  private let start: MonotonicInstant

  init(
    lines: LineSource, settings: SendSettings, console: Console, time: any TimeSource, progress: ProgressLine?
  ) {
    self.lines = lines
    self.settings = settings
    self.time = time
    start = time.now()
    let screen = Screen(console: console, progress: progress)
    self.screen = screen
    let client = HTTPClient(agent: "handoffd/\(BuildIdentity.currentVersion)")
    let sleeper = Gate(())
    delivery = Delivery(
      settings: settings, exchange: { request throws(HTTPClientError) in try client.exchange(request) },
      time: time,
      wait: { length in _ = sleeper.wait(until: time.now() + length) { _ in nil as Void? } },
      notice: { reason, wait in
        screen.tell("cannot send to \(settings.url) now: \(reason); trying again in \(wait.rounded)")
      },
      jitter: SplitMix64(seed: time.now().nanoseconds))
  }

  /// Sends everything; true when every event was taken.
  mutating func run() -> Bool {
    var failure: String?
    while failure == nil, let batch = nextBatch() {
      switch delivery.deliver(batch) {
      case .taken(let accepted, let duplicates, let refused):
        tell(report.add(accepted: accepted, duplicates: duplicates, refused: refused))
      case .failed(let reason):
        let first = batch.lines.first ?? 1
        failure = "cannot send \(batch.place) to \(settings.url): \(reason); send again from line \(first) on"
      }
      showProgress()
    }
    if failure == nil, let unreadable { failure = "\(unreadable); the whole lines before that were sent" }
    screen.clear()
    screen.say(report.summary(seconds: (time.now() - start).inSeconds))
    if let failure { screen.tell(failure) }
    return failure == nil && report.refused == 0
  }

  /// The next lines that go into one request; nil at the end.
  private mutating func nextBatch() -> Batch? {
    var batch = Batch()
    while batch.lines.count < settings.batchEvents {
      let line = nextLine()
      guard let line else { break }
      guard let bytes = line.bytes else {
        let refused = Refused(
          line: line.number, code: "too_large", pointer: "", message: "longer than 8 MiB, not sent")
        tell(report.add(accepted: 0, duplicates: 0, refused: [refused]))
        continue
      }
      guard batch.lines.isEmpty || batch.body.count + bytes.count < settings.batchBytes else {
        held = line
        break
      }
      batch.append(bytes, line: line.number)
    }
    return batch.lines.isEmpty ? nil : batch
  }

  private mutating func nextLine() -> LineSource.Line? {
    if let line = held {
      held = nil
      return line
    }
    if unreadable != nil { return nil }
    do throws(UnreadableInput) {
      return try lines.next()
    } catch {
      unreadable = error
      return nil
    }
  }

  private func tell(_ lines: [String]) {
    for line in lines { screen.tell(line) }
  }

  private func showProgress() {
    screen.show(
      consumed: lines.consumed, events: report.events, refused: report.refused,
      seconds: (time.now() - start).inSeconds)
  }
}
