import Wording

/// The settings of `export`.
public struct ExportSettings: FilteringSettings {
  /// How rows are written.
  public enum Format: String, CaseIterable, Sendable {
    /// One JSON document a line.
    case ndjson
    /// Comma-separated values.
    case csv
  }

  /// Where the sidecar is.
  public var url = SidecarURL.standard
  /// How long the sidecar may be silent.
  public var timeout = Duration.seconds(30)
  /// Which handoffs.
  public var filters = HandoffFilters()
  /// In which order.
  public var order = AuditSettings.Order.descending
  /// How they are written.
  public var format = Format.ndjson
  /// Where they go; nil: standard output.
  public var output: String?
  /// The file that was read.
  public var configurationFile: String?

  private var csv = false

  /// The defaults.
  public init() {}

  /// `--csv` is a short word for a format.
  public mutating func complete(_ surroundings: Surroundings) -> [ConfigurationFault] {
    if csv { format = .csv }
    return []
  }

  /// The options of `export`.
  public static let options: [Option<ExportSettings>] = asking + filterOptions + writing

  private static let asking: [Option<ExportSettings>] = [
    Option("url", \.url, .sidecarURL, .asking, .restart, "The sidecar to ask."),
    Option(
      "timeout", \.timeout, .duration(.milliseconds(100) ... .hours(1)), .asking, .restart,
      "How long the sidecar may be silent."),
    Option(
      "order", \.order, .choice(\.rawValue), .asking, .restart, "Newest first (desc) or oldest first (asc)."),
  ]

  private static let writing: [Option<ExportSettings>] = [
    Option("csv", \.csv, .toggle, .writing, .restart, "Write comma-separated values with a line of names."),
    Option(
      "output", optional: \.output, .path("FILE"), .writing, .restart,
      "Write to this file, which is only put there once it is complete.", standard: "standard output"),
    Option(
      ConfigurationReader<ExportSettings>.fileOption, optional: \.configurationFile, .path("FILE"), .general,
      .restart, "YAML file with any of these settings, named in snake_case.", standard: "none"),
  ]
}
