import Platform
import TestSupport

/// Sidecars on one database, each behind a proxy of its own, and what is done to them.
final class Fleet: Sendable {
  private struct Member: Sendable {
    var process: SidecarProcess?
    var endpoint: Endpoint?
  }

  let proxies: [FaultProxy]
  private let places: [TemporaryDirectory]
  private let dataDirectories: [String]
  private let arguments: [[String]]
  private let members: Guarded<[Member]>

  /// Starts `count` of them; `disks` says where some keep their data.
  init(
    _ count: Int, on database: TestDatabase, arguments: [String] = [], disks: [Int: SmallDisk] = [:]
  ) throws {
    let places = try (0..<count).map { _ in try TemporaryDirectory("handoffd-oracle") }
    self.places = places
    dataDirectories = (0..<count).map { disks[$0].map { $0.path + "/data" } ?? places[$0].file("data") }
    let proxies = try (0..<count).map { _ in try FaultProxy(.port(database.cluster.port)) }
    self.proxies = proxies
    self.arguments = (0..<count).map { number in
      [
        "--database-url", database.uri(port: proxies[number].port) + "?sslmode=disable",
        "--instance", "oracle-\(number)",
      ] + arguments
    }
    members = Guarded(Array(repeating: Member(), count: count))
    for number in 0..<count { try start(number) }
  }

  /// How many there are.
  var count: Int { places.count }

  /// Where one listens; nil while it does not.
  func endpoint(_ number: Int) -> Endpoint? { members.withLock { $0[number].endpoint } }

  /// The process of one.
  func process(_ number: Int) -> SidecarProcess? { members.withLock { $0[number].process } }

  /// Starts one, and waits until it listens.
  func start(_ number: Int) throws {
    let process = try SidecarProcess(
      in: places[number], dataDirectory: dataDirectories[number], .init(arguments[number]))
    members.withLock { $0[number].process = process }
    let endpoint = try process.address()
    members.withLock { $0[number].endpoint = endpoint }
  }

  /// Kills one as the kernel would; false where it had ended already.
  func kill(_ number: Int) -> Bool {
    guard let process = process(number), process.isRunning else { return false }
    process.kill()
    members.withLock { $0[number].endpoint = nil }
    return process.wait(within: .zero) == 128 + Signal.kill.rawValue
  }

  /// Asks one to end; its exit code.
  func terminate(_ number: Int) -> Int32? {
    let code = process(number)?.terminate(within: .seconds(20))
    members.withLock { $0[number].endpoint = nil }
    return code
  }

  /// One number of its /metrics.
  func metric(_ number: Int, _ series: String) throws -> Double {
    guard let endpoint = endpoint(number) else { throw TestFailure("sidecar \(number) does not run") }
    let page = try HTTPConnection(endpoint).get("/metrics").text
    let line = page.split(separator: "\n").first { $0.hasPrefix(series + " ") }
    guard let value = line.flatMap({ Double($0.dropFirst(series.count + 1)) }) else {
      throw TestFailure("no \(series)")
    }
    return value
  }

  /// Waits until nothing is left to be drained anywhere.
  func waitUntilDrained(within limit: Duration) throws {
    for number in 0..<count {
      try eventually("an empty spool of sidecar \(number)", within: limit, every: .milliseconds(50)) {
        try metric(number, "handoffd_spool_events") == 0
      }
    }
  }

  /// What one and its predecessors wrote.
  func log(_ number: Int) -> String { process(number)?.log ?? "" }
}
