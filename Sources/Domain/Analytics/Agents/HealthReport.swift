import Bytes

/// What an agent says of its own health.
public struct HealthReport: Sendable {
  /// The status it gives itself, if it is one of ours.
  public var status: HealthStatus?
  /// The memory it uses.
  public var memoryBytes: Double?
  /// How long it takes to answer.
  public var responseSeconds: Double?
  /// How much waits for it.
  public var queueLength: Double?
  /// How much of what it does fails, from 0 to 1.
  public var errorRatio: Double?
  /// What is wrong, in its own words.
  public var issues: [String] = []

  /// The most words of its own that are kept, and the most bytes of each.
  static let mostIssues = 8
  static let longestIssue = 64

  /// A report that says nothing.
  public init() {}

  /// The report in an event's JSON; nil where there is none.
  init?(_ bytes: [UInt8], event: Range<Int>) {
    guard let health = JSONPieces.member("health", of: bytes, event) else { return nil }
    status = JSONPieces.text("status", of: bytes, health).flatMap(HealthStatus.init(word:))
    memoryBytes = JSONPieces.number("memory_mb", of: bytes, health).map { $0 * 1e6 }
    responseSeconds = JSONPieces.number("response_ms", of: bytes, health).map { $0 / 1e3 }
    queueLength = JSONPieces.number("queue_depth", of: bytes, health)
    errorRatio = JSONPieces.number("error_rate", of: bytes, health)
    guard let list = JSONPieces.member("issues", of: bytes, health) else { return }
    issues = JSONPieces.elements(of: bytes, list).prefix(Self.mostIssues).map { element in
      let text = JSONText.unescaped(bytes, JSONText.inside(bytes, element))
      return String(decoding: text.prefix(Self.longestIssue), as: UTF8.self)
    }
  }
}
