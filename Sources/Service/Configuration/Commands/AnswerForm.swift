/// How the answer to a question is written.
public struct AnswerForm: Equatable, Sendable {
  /// The formats.
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

  fileprivate var json = false
  fileprivate var ndjson = false
  fileprivate var csv = false
  fileprivate var table = false

  /// No format was asked for.
  public init() {}

  /// The format that was asked for; nil: what suits where the output goes.
  public var format: Format? {
    if json { .json } else if csv { .csv } else if ndjson { .ndjson } else if table { .table } else { nil }
  }

  /// An answer has one format.
  func faults(_ surroundings: Surroundings) -> [ConfigurationFault] {
    let named = [("json", json), ("ndjson", ndjson), ("csv", csv), ("table", table)].filter(\.1).map(\.0)
    guard named.count > 1, let last = named.last else { return [] }
    return [
      ConfigurationFault(
        .usage, at: surroundings.origin(of: last), "an answer has one format, and --\(named[0]) says another",
        hint: "say one of --json, --ndjson, --csv and --table")
    ]
  }
}

/// Settings that say how an answer is written.
protocol WritingSettings: CommandSettings {
  var form: AnswerForm { get set }
}

extension WritingSettings {
  /// An option for each format.
  static var formOptions: [Option<Self>] {
    [
      Option(
        "table", \Self.form.table, .toggle, .writing, .restart,
        "Write for people; the default on a terminal."),
      Option(
        "ndjson", \Self.form.ndjson, .toggle, .writing, .restart,
        "Write one JSON document a line; the default where the output is no terminal."),
      Option("json", \Self.form.json, .toggle, .writing, .restart, "Write one JSON document."),
      Option(
        "csv", \Self.form.csv, .toggle, .writing, .restart,
        "Write comma-separated values with a line of names."),
    ]
  }
}
