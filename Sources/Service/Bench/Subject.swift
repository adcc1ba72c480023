import LoadGenerator
import Platform
import TestSupport

/// A sidecar under measurement: the program as users run it, in a process of its own.
final class Subject {
  let directory: TemporaryDirectory
  let process: SidecarProcess
  let address: String

  /// Starts one on `database`; without one, on an address where no database answers.
  init(database: String?, arguments: [String] = [], program: String? = nil) throws {
    directory = try TemporaryDirectory("handoffd-bench")
    let url = database ?? "host=127.0.0.1 port=1 dbname=none user=none"
    process = try SidecarProcess(
      in: directory, .init(["--database-url", url, "--log-level", "error"] + arguments, program: program))
    guard case .port(let port) = try process.address() else { throw TestFailure("no port") }
    address = "127.0.0.1:\(port)"
  }

  deinit {
    _ = process.terminate(within: .seconds(20))
  }

  /// Loads it with requests; every one is to be answered 200.
  func load(_ requests: [[UInt8]], connections: Int) throws -> LoadReport {
    try Self.load(requests, connections: connections, to: address)
  }

  /// Loads a server with requests; every one is to be answered 200.
  static func load(_ requests: [[UInt8]], connections: Int, to address: String) throws -> LoadReport {
    let report = try LoadGenerator(to: address, connections: connections, requests: requests).run()
    guard report.failures == 0, report.statuses[200] == requests.count else {
      throw TestFailure("not every request was answered 200: \(report.statuses), \(report.failures) failures")
    }
    return report
  }

  /// One number of /metrics.
  func metric(_ name: String) throws -> Double {
    let page = try process.connect().get("/metrics?name%5B%5D=\(name)").text
    for line in page.split(separator: "\n") where line.hasPrefix(name + " ") {
      if let value = Double(line.dropFirst(name.count + 1)) { return value }
    }
    throw TestFailure("/metrics has no \(name)")
  }

  /// Waits until the schema is there and the store drains.
  func waitUntilDraining() throws {
    try eventually("a store that is up", within: .seconds(60), every: .milliseconds(20)) {
      try metric("handoffd_store_up") == 1
    }
  }

  /// Waits until that many events are committed.
  func waitCommitted(_ events: Int) throws {
    try eventually("\(events) committed events", within: .seconds(900), every: .milliseconds(100)) {
      try metric("handoffd_store_events_total") >= Double(events)
    }
  }
}
