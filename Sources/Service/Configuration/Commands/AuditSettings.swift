import Wording

/// The settings of `audit`.
public struct AuditSettings: FilteringSettings {
  /// How an answer is written.
  public enum Format: Sendable {
    /// For people.
    case table
    /// One JSON document a line.
    case ndjson
    /// One JSON document.
    case json
    /// Comma-separated values.
    case csv
  }

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
  /// The file that was read.
  public var configurationFile: String?

  private var json = false
  private var ndjson = false
  private var csv = false
  private var table = false

  /// The defaults.
  public init() {}

  /// The format that was asked for; nil: what suits where the output goes.
  public var format: Format? {
    if json { .json } else if csv { .csv } else if ndjson { .ndjson } else if table { .table } else { nil }
  }

  /// An answer has one format.
  public mutating func complete(_ surroundings: Surroundings) -> [ConfigurationFault] {
    let named = [("json", json), ("ndjson", ndjson), ("csv", csv), ("table", table)].filter(\.1).map(\.0)
    guard named.count > 1, let last = named.last else { return [] }
    return [
      ConfigurationFault(
        .usage, at: surroundings.origin(of: last), "an answer has one format, and --\(named[0]) says another",
        hint: "say one of --json, --ndjson, --csv and --table")
    ]
  }

  /// The options of `audit`.
  public static let options: [Option<AuditSettings>] = asking + filterOptions + writing

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

  private static let writing: [Option<AuditSettings>] = [
    Option("table", \.table, .toggle, .writing, .restart, "Write for people; the default on a terminal."),
    Option(
      "ndjson", \.ndjson, .toggle, .writing, .restart,
      "Write one JSON document a line; the default where the output is no terminal."),
    Option("json", \.json, .toggle, .writing, .restart, "Write one JSON document."),
    Option("csv", \.csv, .toggle, .writing, .restart, "Write comma-separated values with a line of names."),
    Option(
      ConfigurationReader<AuditSettings>.fileOption, optional: \.configurationFile, .path("FILE"), .general,
      .restart, "YAML file with any of these settings, named in snake_case.", standard: "none"),
  ]
}
