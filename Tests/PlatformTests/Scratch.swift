import Platform

/// A directory of its own for one test, gone afterwards.
func withScratch<Result>(_ body: (String) throws -> Result) throws -> Result {
  let path = try Directory.temporary(prefix: "platform-tests")
  defer { try? Directory.removeTree(path) }
  return try body(path)
}

/// A deadline that no healthy test meets.
func soon() -> MonotonicInstant {
  SystemTime().now() + .seconds(20)
}
