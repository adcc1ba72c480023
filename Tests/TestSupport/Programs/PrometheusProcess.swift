import Foundation
import Platform

/// Debian's Prometheus, scraping what a test gives it.
public final class PrometheusProcess: Sendable {
  /// In which format it asks for metrics.
  public enum Wish: Sendable {
    /// OpenMetrics, as it does by itself.
    case text
    /// Protobuf, for native histograms.
    case native
  }

  /// Where Debian puts it.
  public static let program = "/usr/bin/prometheus"

  private let directory: TemporaryDirectory
  private let program: WebProgram

  /// Starts one that scrapes `target` as the job `handoffd`, five times a second; waits until it answers.
  public init(scraping target: Endpoint, _ wish: Wish = .text, rules: [String] = []) throws {
    directory = try TemporaryDirectory("handoffd-prometheus")
    let configuration = """
      global: {scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 200ms}
      rule_files: [\(rules.map { "'\($0)'" }.joined(separator: ", "))]
      scrape_configs:
        - job_name: handoffd
          static_configs: [{targets: ['\(target)']}]

      """
    try FileDescriptor.open(directory.file("prometheus.yml"), [.write, .create]).write(
      all: Array(configuration.utf8))
    program = try WebProgram(
      Self.program,
      [
        "--config.file=\(directory.file("prometheus.yml"))", "--storage.tsdb.path=\(directory.file("data"))",
        "--web.listen-address=127.0.0.1:0",
      ] + (wish == .native ? ["--enable-feature=native-histograms"] : []), in: directory)
  }

  /// The samples that an expression gives now: their labels and values.
  public func query(_ expression: String) throws -> [(labels: [String: String], value: Double)] {
    let answer = try get("/api/v1/query?query=\(Self.escaped(expression))")
    let data = answer["data"] as? [String: Any] ?? [:]
    if data["resultType"] as? String == "scalar", let pair = data["result"] as? [Any] {
      return [([:], Self.number(pair))]
    }
    return (data["result"] as? [[String: Any]] ?? []).map { sample in
      let labels = sample["metric"] as? [String: String] ?? [:]
      let pair = sample["value"] as? [Any] ?? sample["histogram"] as? [Any] ?? []
      return (labels, Self.number(pair))
    }
  }

  /// What its API answers.
  public func get(_ target: String) throws -> [String: Any] {
    let answer = try HTTPConnection(program.endpoint).get(target)
    guard answer.status == 200,
      let object = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
    else { throw TestFailure("Prometheus: \(answer.status) \(answer.text)") }
    return object
  }

  private static func number(_ pair: [Any]) -> Double {
    (pair.last as? String).flatMap(Double.init) ?? .nan
  }

  private static func escaped(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
  }
}
