import Platform
import TestSupport

/// Waiting for another thread, with an end.
enum Patience {
  static func waits(_ limit: Duration = .seconds(10), until isDone: () -> Bool) -> Bool {
    let time = SystemTime()
    let deadline = time.now() + limit * Sanitizer.slowness
    let pause = Gate(true)
    while !isDone() {
      if time.now() > deadline { return false }
      let _: Bool? = pause.wait(until: time.now() + .milliseconds(2)) { _ in nil }
    }
    return true
  }
}
