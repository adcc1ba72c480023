import Platform

/// Waiting for another thread, with an end.
enum Patience {
  static func waits(_ limit: Duration = .seconds(10), until isDone: () -> Bool) -> Bool {
    let time = SystemTime()
    let deadline = time.now() + limit
    let pause = Gate(true)
    while !isDone() {
      if time.now() > deadline { return false }
      let _: Bool? = pause.wait(until: time.now() + .milliseconds(2)) { _ in nil }
    }
    return true
  }
}

/// The lines a log wrote.
final class Lines: Sendable {
  private let lines = Gate<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  var add: @Sendable (String) -> Void { { line in self.lines.withLock { $0.append(line) } } }
}
