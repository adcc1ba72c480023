import Glibc

/// The strings of a command, laid out as execve wants them.
struct CStrings {
  private let executable: String
  private let directory: String?
  private let arguments: [String]
  private let environment: [String]

  init(_ command: Command) {
    executable = command.executable
    directory = command.workingDirectory
    arguments = [command.executable] + command.arguments
    environment = (command.environment ?? Environment.all()).map { "\($0.key)=\($0.value)" }.sorted()
  }

  /// Calls `body` with pointers that live as long as the call.
  func withPointers<Result>(
    _ body: (
      UnsafePointer<CChar>, UnsafePointer<UnsafeMutablePointer<CChar>?>,
      UnsafePointer<UnsafeMutablePointer<CChar>?>, UnsafePointer<CChar>?
    ) -> Result
  ) -> Result {
    var argumentCopies = unsafe arguments.map { unsafe strdup($0) } + [nil]
    var environmentCopies = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer {
      unsafe (argumentCopies + environmentCopies).forEach { unsafe free($0) }
    }
    return unsafe executable.withCString { executable in
      guard let directory else {
        return unsafe body(executable, &argumentCopies, &environmentCopies, nil)
      }
      return unsafe directory.withCString { directory in
        unsafe body(executable, &argumentCopies, &environmentCopies, directory)
      }
    }
  }
}
