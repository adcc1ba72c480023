import Configuration

/// `handoffd check`: validates what `serve` would run with.
struct CheckCommand {
  let program: Program

  func run(_ arguments: [String]) -> Int32 {
    let reader = ConfigurationReader(
      form: Settings.check, environment: program.environment, files: program.files)
    switch reader.read(arguments) {
    case .help:
      program.console.print(Settings.check.help)
      return Program.Exit.done
    case .faulty(let faults):
      program.tell(faults, .check, "serve would not start with this")
      return faults.isWrongUsage ? Program.Exit.wrongUsage : Program.Exit.failed
    case .ready(let loaded):
      program.console.print(report(loaded))
      program.console.error(loaded.settings.warnings.map { "warning: \($0)\n" }.joined())
      return Program.Exit.done
    }
  }

  /// Every setting with its value and where that was said.
  private func report(_ loaded: Loaded<Settings>) -> String {
    let width = Settings.options.map(\.name.count).max() ?? 0
    let lines = loaded.effective.flatMap { setting in
      setting.values.enumerated().map { index, value in
        let name = index == 0 ? setting.name : ""
        return
          "  \(name)\(String(repeating: " ", count: width - name.count))  \(value.text)  (\(value.origin))"
      }
    }
    return "The configuration is good. serve would run with\n\(lines.joined(separator: "\n"))\n"
  }
}
