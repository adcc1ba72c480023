public import Platform

/// What was built together with the tests.
public enum BuiltProducts {
  /// The path of the program `name`, beside the test bundle.
  public static func program(_ name: String = "handoffd") throws -> String {
    let bundle = try Directory.canonical("/proc/self/exe")
    let path = bundle[..<(bundle.lastIndex(of: "/") ?? bundle.startIndex)] + "/" + name
    if !Directory.exists(String(path)) { throw TestFailure("\(path) is not built: run swift build") }
    return String(path)
  }

  /// Runs a program to its end.
  public static func run(
    _ arguments: [String], program: String = "handoffd", input: FileDescriptor? = nil,
    environment: [String: String] = [:], within limit: Duration = .seconds(30)
  ) throws -> Command.Outcome {
    try Command(
      Self.program(program), arguments, environment: Self.environment(["PATH": "/usr/bin:/bin"], environment),
      workingDirectory: "/", input: input
    ).run(until: SystemTime().now() + limit * Sanitizer.slowness)
  }

  /// An environment for a program that was built like the tests: what is wanted, and what its sanitizer is told.
  public static func environment(_ environments: [String: String]...) -> [String: String] {
    environments.reduce(Sanitizer.environment) { $0.merging($1) { $1 } }
  }
}
