import Configuration

/// `handoffd serve`: runs the sidecar.
struct ServeCommand {
  /// Runs with settings until told to end; the second argument reads them anew.
  typealias Start =
    @Sendable (Settings, @escaping @Sendable () -> Result<Settings, ConfigurationFaults>) -> Int32

  let program: Program

  func run(_ arguments: [String]) -> Int32 {
    program.run(Settings.serve, arguments, orElse: "nothing was started") { loaded in
      let environment = program.environment
      let files = program.files
      return program.serve(loaded.settings) {
        Settings.load(arguments: arguments, environment: environment, files: files)
      }
    }
  }
}
