// The command line of handoffd: the first word is a subcommand, the rest is its own. Everything that a subcommand touches
// is handed in here, so that a test can run any of them in its own process.
import Configuration
import Platform
import Wording

/// The program with its surroundings.
struct Program {
  /// Exit codes that all subcommands share.
  enum Exit {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let wrongUsage: Int32 = 2
  }

  let environment: [String: String]
  let files: ConfigurationFiles
  let console: Console
  let time: any TimeSource
  /// Runs the sidecar until it is told to end.
  let serve: ServeCommand.Start

  /// Runs one command line; gives the exit code.
  func run(_ arguments: [String]) -> Int32 {
    guard let word = arguments.first else {
      console.error(Overview.help)
      return Exit.wrongUsage
    }
    let rest = Array(arguments.dropFirst())
    switch word {
    case "--version", "-version", "-V": return run(.version, rest)
    case "--help", "-help", "-h": return run(.help, rest)
    default:
      guard let subcommand = Subcommand(rawValue: word) else { return unknown(word) }
      return run(subcommand, rest)
    }
  }

  private func run(_ subcommand: Subcommand, _ arguments: [String]) -> Int32 {
    switch subcommand {
    case .serve: ServeCommand(program: self).run(arguments)
    case .check: CheckCommand(program: self).run(arguments)
    case .send: SendCommand(program: self).run(arguments)
    case .audit: AuditCommand(program: self).run(arguments)
    case .export: ExportCommand(program: self).run(arguments)
    case .rules: RulesCommand(program: self).run(arguments)
    case .version: VersionCommand(program: self).run(arguments)
    case .help: HelpCommand(program: self).run(arguments)
    }
  }

  private func unknown(_ word: String) -> Int32 {
    if word.hasPrefix("-") {
      return wrongUsage(
        "a subcommand comes before the flags; did you mean handoffd serve \(Printable.plain(word))?")
    }
    let guess = Subcommand.nearest(to: word).map { "; did you mean handoffd \($0.rawValue)?" } ?? ""
    return wrongUsage("there is no subcommand \(Printable.quote(word))\(guess)")
  }

  /// Says what is wrong with the command line, and where to read more.
  func wrongUsage(_ reason: String, more: String = "handoffd help lists all subcommands") -> Int32 {
    console.error("handoffd: \(reason)\n\(more).\n")
    return Exit.wrongUsage
  }

  /// Tells all faults of a configuration and what became of the subcommand.
  func tell(_ faults: ConfigurationFaults, _ subcommand: Subcommand, _ consequence: String) {
    let lines = faults.faults.map { "\($0)\n" }.joined()
    let count = faults.faults.count == 1 ? "1 fault" : "\(faults.faults.count) faults"
    console.error(
      "\(lines)handoffd \(subcommand.rawValue): \(count); \(consequence). "
        + "handoffd help \(subcommand.rawValue) explains every setting.\n")
  }
}
