import Wording

/// The settings of `audit`.
public struct AuditSettings: FilteringSettings, WritingSettings {
  /// In which order handoffs come.
  public enum Order: String, CaseIterable, Sendable {
    /// Newest first.
    case descending = "desc"
    /// Oldest first.
    case ascending = "asc"
  }

  /// Whose numbers are asked for.
  public enum Scope: String, CaseIterable, Sendable {
    /// Those of all sidecars.
    case fleet
    /// Those of the sidecar that is asked.
    case instance
  }

  /// Where the sidecar is.
  public var url = SidecarURL.standard
  /// How long it may take to answer.
  public var timeout = Duration.seconds(30)
  /// Which handoffs.
  public var filters = HandoffFilters()
  /// In which order.
  public var order = Order.descending
  /// The most rows.
  public var limit = 100
  /// What a summary sums up; nil: what the sidecar takes by itself.
  public var window: Duration?
  /// Whose numbers.
  public var scope = Scope.fleet
  /// How the answer is written.
  public var form = AnswerForm()
  /// The file that was read.
  public var configurationFile: String?

  /// The defaults.
  public init() {}

  /// An answer has one format.
  public mutating func complete(_ surroundings: Surroundings) -> [ConfigurationFault] {
    form.faults(surroundings)
  }

  /// The options of `audit`.
  public static let options: [Option<AuditSettings>] = asking + filterOptions + formOptions + general

  private static let asking: [Option<AuditSettings>] = [
    Option("url", \.url, .sidecarURL, .asking, .restart, "The sidecar to ask."),
    Option(
      "timeout", \.timeout, .duration(.milliseconds(100) ... .hours(1)), .asking, .restart,
      "How long one answer may take."),
    Option(
      "limit", \.limit, .count("N", 1...1_000_000), .asking, .restart,
      "Most rows of a list; the sidecar is asked page by page until there are so many."),
    Option(
      "order", \.order, .choice(\.rawValue), .asking, .restart,
      "handoffs: newest first (desc) or oldest first (asc)."
    ),
    Option(
      "window", optional: \.window, .duration(.seconds(1) ... .days(3660)), .asking, .restart,
      "summary: the time that it sums up, back from now.", standard: "that of the sidecar"),
    Option(
      "scope", \.scope, .choice(\.rawValue), .asking, .restart,
      "summary, active, agents: numbers of all sidecars (fleet), or of the one that is asked (instance)."),
  ]

  private static let general: [Option<AuditSettings>] = [
    Option(
      ConfigurationReader<AuditSettings>.fileOption, optional: \.configurationFile, .path("FILE"), .general,
      .restart, "YAML file with any of these settings, named in snake_case.", standard: "none")
  ]
}
