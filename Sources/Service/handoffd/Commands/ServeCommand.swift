import Configuration

/// `handoffd serve`: runs the sidecar.
struct ServeCommand {
  /// Runs with settings until told to end; the second argument reads them anew.
  typealias Start =
    @Sendable (Settings, @escaping @Sendable () -> Result<Settings, ConfigurationFaults>) -> Int32

  let program: Program

  func run(_ arguments: [String]) -> Int32 {
    let reader = ConfigurationReader(
      form: Settings.serve, environment: program.environment, files: program.files)
    switch reader.read(arguments) {
    case .help:
      program.console.print(Settings.serve.help)
      return Program.Exit.done
    case .faulty(let faults):
      program.tell(faults, .serve, "nothing was started")
      return Program.Exit.wrongUsage
    case .ready(let loaded):
      let environment = program.environment
      let files = program.files
      return program.serve(loaded.settings) {
        Settings.load(arguments: arguments, environment: environment, files: files)
      }
    }
  }
}
