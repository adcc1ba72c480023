import Configuration

extension Program {
  /// Reads the settings of a subcommand and goes on with them; asked for help it explains, and tells faults otherwise.
  func run<Target: CommandSettings>(
    _ form: CommandLineForm<Target>, _ arguments: [String], orElse consequence: String,
    faulty code: (ConfigurationFaults) -> Int32 = { _ in Exit.wrongUsage }, _ go: (Loaded<Target>) -> Int32
  ) -> Int32 {
    let reader = ConfigurationReader(form: form, environment: environment, files: files)
    switch reader.read(arguments) {
    case .help:
      console.print(form.help)
      return Exit.done
    case .faulty(let faults):
      tell(faults, form.subcommand, consequence)
      return code(faults)
    case .ready(let loaded): return go(loaded)
    }
  }
}
