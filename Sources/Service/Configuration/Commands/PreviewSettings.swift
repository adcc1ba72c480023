import Wording

/// The settings of `rules preview`.
public struct PreviewSettings: WritingSettings {
  /// Where the sidecar is.
  public var url = SidecarURL.standard
  /// How long the sidecar may be silent.
  public var timeout = Duration.seconds(30)
  /// From when on alerts are listed.
  public var since = "7d"
  /// Until when; nil: now.
  public var until: String?
  /// The rules; nil: the shipped ones.
  public var rules: String?
  /// How long a receiver may take to acknowledge.
  public var acknowledgementTimeout = Settings().acknowledgementTimeout
  /// After how long without news an acknowledged handoff counts as ended.
  public var idleAfter = Settings().idleAfter
  /// The most rows.
  public var limit = 10_000
  /// How the answer is written.
  public var form = AnswerForm()
  /// The file that was read.
  public var configurationFile: String?

  /// The defaults.
  public init() {}

  /// Looks at the file of rules.
  public mutating func complete(_ surroundings: Surroundings) -> [ConfigurationFault] {
    form.faults(surroundings) + ConfigurationFault.ofRules(rules, surroundings)
  }

  /// The options of `rules preview`.
  public static let options: [Option<PreviewSettings>] = asking + meaning + formOptions + general

  private static let asking: [Option<PreviewSettings>] = [
    Option("url", \.url, .sidecarURL, .asking, .restart, "The sidecar whose record is replayed."),
    Option(
      "timeout", \.timeout, .duration(.milliseconds(100) ... .hours(1)), .asking, .restart,
      "How long the sidecar may be silent."),
    Option(
      "since", \.since, .moment, .asking, .restart,
      "From when on alerts are listed; a duration counts back from now. An hour before is replayed as well."),
    Option(
      "until", optional: \.until, .moment, .asking, .restart,
      "Until when; a duration counts back from now.", standard: "now"),
    Option(
      "limit", \.limit, .count("N", 1...1_000_000), .asking, .restart,
      "Most rows; what more would have fired is counted."),
  ]

  private static let meaning: [Option<PreviewSettings>] = [
    Option(
      "rules", optional: \.rules, .path("FILE"), .meaning, .restart, "The rules that are tried.",
      standard: "the shipped rules"),
    Option(
      "acknowledgement-timeout", \.acknowledgementTimeout, .duration(.milliseconds(1) ... .days(365)),
      .meaning, .restart, "How long a receiver may take to acknowledge before its handoff is overdue."),
    Option(
      "idle-after", \.idleAfter, .duration(.seconds(1) ... .days(365)), .meaning, .restart,
      "After how long without news an acknowledged handoff counts as ended."),
  ]

  private static let general: [Option<PreviewSettings>] = [
    Option(
      ConfigurationReader<PreviewSettings>.fileOption, optional: \.configurationFile, .path("FILE"), .general,
      .restart, "YAML file with any of these settings, named in snake_case.", standard: "none")
  ]
}
