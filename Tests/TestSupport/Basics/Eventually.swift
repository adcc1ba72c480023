import Glibc
import Platform

/// Asks `condition` until it gives something or `limit` is over; for what another process or thread does.
@discardableResult
public func eventually<Result>(
  _ what: String = "the condition", within limit: Duration = .seconds(30),
  every step: Duration = .milliseconds(10),
  _ condition: () throws -> Result?
) throws -> Result {
  let time = SystemTime()
  let deadline = time.now() + limit * Sanitizer.slowness
  while true {
    if let result = try condition() { return result }
    if time.now() >= deadline { throw TestFailure("\(what) did not come within \(limit)") }
    pause(step)
  }
}

/// Asks until `condition` holds or `limit` is over.
public func eventually(
  _ what: String = "the condition", within limit: Duration = .seconds(30),
  every step: Duration = .milliseconds(10),
  _ condition: () throws -> Bool
) throws {
  _ = try eventually(what, within: limit, every: step) { () throws -> Bool? in try condition() ? true : nil }
}

/// Holds this thread; for faults that last a while, never to wait for something.
public func pause(_ length: Duration) {
  usleep(UInt32(clamping: length.clampedNanoseconds / 1_000))
}
