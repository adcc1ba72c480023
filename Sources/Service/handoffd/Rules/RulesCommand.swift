// `handoffd rules preview`: the record of a running sidecar through a file of rules, as a stream of which no more than a
// piece is held. Nobody is told anything; what comes out is a list of what would have fired.
import Alerts
import Configuration
import Platform
import Wording

/// `handoffd rules`: tries alert rules on what happened.
struct RulesCommand {
  let program: Program

  func run(_ arguments: [String]) -> Int32 {
    program.run(
      PreviewSettings.preview, arguments, orElse: "nothing was replayed",
      faulty: { $0.isWrongUsage ? Program.Exit.wrongUsage : Program.Exit.failed }, preview)
  }

  private func preview(_ loaded: Loaded<PreviewSettings>) -> Int32 {
    guard let word = loaded.operands.first else {
      return program.wrongUsage("handoffd rules takes preview", more: "handoffd help rules explains it")
    }
    guard word == PreviewSettings.preview.action else {
      let guess = Spelling.nearest(to: word, among: ["preview"]).map {
        "; did you mean handoffd rules \($0)?"
      }
      return program.wrongUsage(
        "handoffd rules knows nothing of \(Printable.quote(word))\(guess ?? "")",
        more: "handoffd help rules explains it")
    }
    let settings = loaded.settings
    guard let rules = RuleSet.read(settings.rules, program.files) else {
      program.console.error(
        "handoffd: the file of rules has changed while it was read; nothing was replayed\n")
      return Program.Exit.failed
    }
    guard let span = PreviewSpan(settings, at: program.time.wall()) else {
      return program.wrongUsage("--until is not after --since", more: "handoffd help rules explains it")
    }
    do throws(SystemError) {
      var session = PreviewSession(rules: rules, settings: settings, span: span, program: program)
      return try session.run()
    } catch {
      // A reader that has seen enough, as head, is no failure.
      guard !error.isBrokenPipe else { return Program.Exit.done }
      program.console.error("handoffd: \(error); the answer is not complete\n")
      return Program.Exit.failed
    }
  }
}

extension RuleSet {
  /// The rules in a file that was found good, or the shipped ones; nil if it is not good any more.
  static func read(_ path: String?, _ files: ConfigurationFiles) -> RuleSet? {
    guard let path else { return .builtIn }
    guard case .success(let bytes) = files.read(path), case .success(let rules) = RulesReader.read(bytes)
    else { return nil }
    return rules
  }
}
