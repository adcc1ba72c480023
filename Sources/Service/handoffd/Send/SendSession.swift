import Configuration
import HTTPClient
import Platform

/// One run of `send`: lines in, batches out, a report at the end.
struct SendSession {
  private var lines: LineSource
  private var delivery: Delivery
  private var report = SendReport()
  private var held: LineSource.Line?
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
  mutating func run() throws(SystemError) -> Bool {
    var failure: String?
    while failure == nil, let batch = try nextBatch() {
      switch delivery.deliver(batch) {
      case .taken(let accepted, let duplicates, let refused):
        tell(report.add(accepted: accepted, duplicates: duplicates, refused: refused))
      case .failed(let reason):
        let first = batch.lines.first ?? 1
        failure = "cannot send \(batch.place) to \(settings.url): \(reason); send again from line \(first) on"
      }
      showProgress()
    }
    screen.clear()
    screen.say(report.summary(seconds: (time.now() - start).inSeconds))
    if let failure { screen.tell(failure) }
    return failure == nil && report.refused == 0
  }

  /// The next lines that go into one request; nil at the end.
  private mutating func nextBatch() throws(SystemError) -> Batch? {
    var batch = Batch()
    while batch.lines.count < settings.batchEvents {
      let line = try nextLine()
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

  private mutating func nextLine() throws(SystemError) -> LineSource.Line? {
    guard let line = held else { return try lines.next() }
    held = nil
    return line
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
