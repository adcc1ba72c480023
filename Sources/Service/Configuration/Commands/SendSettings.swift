public import Dialects
import Wording

/// The settings of `send`.
public struct SendSettings: CommandSettings {
  /// Where the sidecar is.
  public var url = SidecarURL.standard
  /// What messages that are no events are written in; absent: their fields say so.
  public var dialect: Dialect?
  /// The most events in one request.
  public var batchEvents = 500
  /// The most bytes in one request.
  public var batchBytes = 1 << 20
  /// Whether requests are packed.
  public var gzip = false
  /// How long one request may take.
  public var timeout = Duration.seconds(30)
  /// How long to go on trying while nothing gets through.
  public var giveUpAfter = Duration.minutes(2)
  /// The file that was read.
  public var configurationFile: String?

  /// The defaults.
  public init() {}

  /// There is nothing to complete.
  public mutating func complete(_ surroundings: Surroundings) -> [ConfigurationFault] { [] }

  /// The options of `send`.
  public static let options: [Option<SendSettings>] = [
    Option("url", \.url, .sidecarURL, .sending, .restart, "The sidecar to send to."),
    Option(
      "dialect", optional: \.dialect, .dialect, .sending, .restart,
      "What messages that are no events are written in; without it their fields tell.", standard: "any"),
    Option(
      "batch-events", \.batchEvents, .count("N", 1...10_000), .sending, .restart,
      "Most events in one request."),
    Option(
      "batch-bytes", \.batchBytes, .size(1 << 10...8 << 20), .sending, .restart, "Most bytes in one request."),
    Option("gzip", \.gzip, .toggle, .sending, .restart, "Pack each request; for slow or costly lines."),
    Option(
      "timeout", \.timeout, .duration(.milliseconds(100) ... .hours(1)), .sending, .restart,
      "How long one request may take."),
    Option(
      "give-up-after", \.giveUpAfter, .duration(.milliseconds(0) ... .days(7)), .sending, .restart,
      "How long to go on trying while the sidecar is away or has no room; 0s for a single try."),
    Option(
      ConfigurationReader<SendSettings>.fileOption, optional: \.configurationFile, .path("FILE"), .general,
      .restart,
      "YAML file with any of these settings, named in snake_case.", standard: "none"),
  ]
}
