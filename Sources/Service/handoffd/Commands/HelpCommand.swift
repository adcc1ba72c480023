import Configuration

/// `handoffd help`: explains the program or one subcommand.
struct HelpCommand {
  let program: Program

  func run(_ arguments: [String]) -> Int32 {
    guard let word = arguments.first else {
      program.console.print(Overview.help)
      return Program.Exit.done
    }
    guard let subcommand = Subcommand(rawValue: word) else { return program.run([word]) }
    switch subcommand {
    case .serve: program.console.print(Settings.serve.help)
    case .check: program.console.print(Settings.check.help)
    case .send: program.console.print(SendSettings.send.help)
    case .audit: program.console.print(AuditSettings.audit.help)
    case .export: program.console.print(ExportSettings.export.help)
    case .rules: program.console.print(PreviewSettings.preview.help)
    case .version, .help:
      program.console.print("handoffd \(subcommand.rawValue): \(subcommand.summary). It takes no flags.\n")
    }
    return Program.Exit.done
  }
}
