/// What a run of load has shown.
public struct LoadReport: Sendable {
  /// From the first request sent to the last answer received.
  public let seconds: Double
  /// Answers by status.
  public let statuses: [Int: Int]
  /// Requests whose connection ended before the answer.
  public let failures: Int
  /// From a request's first byte sent to its answer, sorted, in nanoseconds.
  private let latencies: [UInt64]

  init(seconds: Double, statuses: [Int: Int], failures: Int, latencies: [UInt64]) {
    self.seconds = seconds
    self.statuses = statuses
    self.failures = failures
    self.latencies = latencies.sorted()
  }

  /// Answers of any status.
  public var answers: Int { latencies.count }

  /// Answers a second.
  public var rate: Double { seconds > 0 ? Double(answers) / seconds : 0 }

  /// The latency that this share of the answers kept, in milliseconds.
  public func milliseconds(at share: Double) -> Double {
    guard !latencies.isEmpty else { return 0 }
    let rank = min(latencies.count - 1, max(0, Int((Double(latencies.count) * share).rounded(.up)) - 1))
    return Double(latencies[rank]) / 1e6
  }
}
