/// How well an agent is, from good to bad.
public enum HealthStatus: UInt8, CaseIterable, Comparable, Sendable {
  /// Nothing was reported yet.
  case unknown
  case healthy
  case slow
  case degraded
  case unhealthy

  /// The word in reports and labels.
  public var name: String { "\(self)" }

  /// Orders from good to bad.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The statuses an agent may be in once it has reported.
  public static let reported: [Self] = [.healthy, .slow, .degraded, .unhealthy]

  init?(word: [UInt8]) {
    let lowered = word.map { (65...90).contains($0) ? $0 | 32 : $0 }
    guard let status = Self.reported.first(where: { $0.name.utf8.elementsEqual(lowered) }) else { return nil }
    self = status
  }
}

/// What is wrong with an agent by our own thresholds.
public struct HealthIssues: OptionSet, Hashable, Sendable {
  /// The stored bits.
  public let rawValue: UInt8
  /// Issues of those bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// It uses too much memory.
  public static let memory = Self(rawValue: 1)
  /// It answers too slowly.
  public static let response = Self(rawValue: 2)
  /// Too much waits for it.
  public static let queue = Self(rawValue: 4)
  /// Too much of what it does fails.
  public static let errors = Self(rawValue: 8)

  /// The words for them.
  public var names: [String] {
    let words: [(Self, String)] = [
      (.memory, "memory"), (.response, "response"), (.queue, "queue"), (.errors, "errors"),
    ]
    return words.filter { contains($0.0) }.map(\.1)
  }
}

/// The last health report of an agent, judged.
struct Health: Sendable {
  private(set) var status = HealthStatus.unknown
  private(set) var issues: HealthIssues = []
  private(set) var reportedAt = Int64.min
  /// What it reported; not a number where it did not say.
  private(set) var memoryBytes = Double.nan
  private(set) var responseSeconds = Double.nan
  private(set) var queueLength = Double.nan
  private(set) var errorRatio = Double.nan

  init() {}

  /// The status is the worst of what the agent says itself and what each of our thresholds says.
  init(_ report: HealthReport, at moment: Int64, _ thresholds: HealthThresholds) {
    reportedAt = moment
    memoryBytes = report.memoryBytes ?? .nan
    responseSeconds = report.responseSeconds ?? .nan
    queueLength = report.queueLength ?? .nan
    errorRatio = report.errorRatio ?? .nan
    status = max(report.status ?? .healthy, .healthy)
    if memoryBytes > thresholds.memoryBytes { note(.memory, .degraded) }
    if responseSeconds > thresholds.responseSeconds { note(.response, .slow) }
    if queueLength > thresholds.queueLength { note(.queue, .degraded) }
    if errorRatio > thresholds.errorRatio { note(.errors, .degraded) }
  }

  private mutating func note(_ issue: HealthIssues, _ status: HealthStatus) {
    issues.insert(issue)
    self.status = max(self.status, status)
  }
}
