import Wording

/// The subcommands of the program.
public enum Subcommand: String, CaseIterable, Sendable {
  case serve
  case check
  case send
  case audit
  case export
  case rules
  case version
  case help

  /// What it does, for the overview.
  public var summary: String {
    switch self {
    case .serve: "run the sidecar"
    case .check: "validate the configuration of serve; touch nothing"
    case .send: "send NDJSON events from a file or standard input to a sidecar"
    case .audit: "ask a running sidecar what happened"
    case .export: "bring all matching handoffs or events out as NDJSON or CSV"
    case .rules: "say which alerts rules would have fired, and when"
    case .version: "print version, commit and build"
    case .help: "explain the program or one subcommand"
    }
  }

  /// The subcommand that was probably meant.
  public static func nearest(to word: String) -> Subcommand? {
    Spelling.nearest(to: word, among: allCases.map(\.rawValue)).flatMap(Subcommand.init(rawValue:))
  }
}
