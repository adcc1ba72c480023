import Foundation
import Platform
import TestSupport
import Testing

/// The real program on a real database, with everything a test asks of it.
final class RunningSidecar {
  let directory: TemporaryDirectory
  let database: TestDatabase
  private(set) var process: SidecarProcess
  private let arguments: [String]

  /// Starts one on a database of its own; `url` leads somewhere else, such as a proxy or nowhere.
  ///
  /// What `before` leaves in the data directory it finds there.
  init(
    _ arguments: [String] = [], url: String? = nil, database: TestDatabase? = nil,
    before: (_ dataDirectory: String) throws -> Void = { _ in }
  ) throws {
    directory = try TemporaryDirectory()
    try before(directory.file("data"))
    self.database = try database ?? TestCluster.shared().database()
    self.arguments = ["--database-url", url ?? self.database.connectionString] + arguments
    process = try SidecarProcess(in: directory, .init(self.arguments))
    try process.waitUntilReady()
    if url == nil { try waitForDatabase() }
  }

  /// Waits until questions are answered: the schema may still be on its way when events are taken in already.
  private func waitForDatabase() throws {
    try eventually("an answer from the database", within: .seconds(30), every: .milliseconds(20)) {
      try process.connect().get("/v1/series?metric=started").status == 200
    }
  }

  /// Where no database answers.
  static let nowhere = "host=127.0.0.1 port=1 dbname=none user=none"

  deinit {
    process.kill()
  }

  /// Starts it again in the same directory.
  func restart() throws {
    process = try SidecarProcess(in: directory, .init(arguments))
    try process.waitUntilReady()
  }

  /// Posts events, one a line.
  @discardableResult
  func send(_ lines: String..., type: String = "application/x-ndjson") throws -> HTTPAnswer {
    try process.connect().send(
      "POST", "/v1/events", headers: [("Content-Type", type)], body: Array(lines.joined(separator: "\n").utf8)
    )
  }

  /// Gets JSON.
  func get(_ target: String) throws -> [String: Any] {
    let answer = try process.connect().get(target)
    guard answer.status == 200 else { throw TestFailure("\(target): \(answer.status) \(answer.text)") }
    return try answer.object
  }

  /// The record and events of a handoff, once `count` events are seen.
  func handoff(_ id: String, events count: Int = 1, within patience: Duration = .seconds(20)) throws
    -> [String: Any]
  {
    try eventually("\(count) events of \(id)", within: patience, every: .milliseconds(20)) {
      let answer = try process.connect().get("/v1/handoffs/\(id)")
      guard answer.status == 200 else { return nil }
      let detail = try answer.object
      return ((detail["events"] as? [Any])?.count ?? 0) >= count ? detail : nil
    }
  }

  /// One number of /metrics.
  func metric(_ series: String) throws -> Double {
    let page = try process.connect().get("/metrics").text
    let line = page.split(separator: "\n").first { $0.hasPrefix(series + " ") }
    return try #require(line.flatMap { Double($0.dropFirst(series.count + 1)) }, "no \(series)")
  }
}

extension HTTPAnswer {
  /// The body as a JSON object.
  var object: [String: Any] {
    get throws {
      let value = try JSONSerialization.jsonObject(with: Data(body))
      return try #require(value as? [String: Any], "not an object: \(text)")
    }
  }
}

extension [String: Any] {
  /// The object under a key.
  func object(_ key: String) -> [String: Any] { self[key] as? [String: Any] ?? [:] }
  /// The objects under a key.
  func objects(_ key: String) -> [[String: Any]] { self[key] as? [[String: Any]] ?? [] }
  /// The text under a key.
  func text(_ key: String) -> String? { self[key] as? String }
  /// The number under a key.
  func number(_ key: String) -> Double? { (self[key] as? NSNumber)?.doubleValue }
}
