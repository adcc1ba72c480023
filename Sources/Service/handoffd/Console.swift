import Glibc
import Platform

/// Where a subcommand talks to its user.
struct Console: Sendable {
  /// Takes text for standard output.
  let print: @Sendable (String) -> Void
  /// Takes bytes for standard output; throws where they cannot go, as when nobody reads any more.
  let write: @Sendable ([UInt8]) throws(SystemError) -> Void
  /// Takes text for standard error.
  let error: @Sendable (String) -> Void
  /// Whether a person watches standard error, so that a line may be written over.
  let isWatched: Bool
  /// The terminal that standard output goes to; nil for a file or a pipe.
  let terminal: Terminal?
  /// Whether standard input is a person's keyboard.
  let isTyped: Bool
  /// The next bytes of standard input; empty at its end.
  let read: @Sendable () throws(SystemError) -> [UInt8]

  /// The streams of this process.
  static let standard: Console = {
    let input = FileDescriptor(owning: STDIN_FILENO, path: "standard input")
    let output = FileDescriptor(owning: STDOUT_FILENO, path: "standard output")
    let errors = FileDescriptor(owning: STDERR_FILENO, path: "standard error")
    // When nobody reads any more there is nobody to tell.
    return Console(
      print: { text in try? output.write(all: Array(text.utf8)) },
      write: { bytes throws(SystemError) in try output.write(all: bytes) },
      error: { text in try? errors.write(all: Array(text.utf8)) },
      isWatched: isatty(STDERR_FILENO) == 1,
      terminal: Terminal.of(STDOUT_FILENO),
      isTyped: isatty(STDIN_FILENO) == 1,
      read: { () throws(SystemError) in try input.readSome(upTo: 1 << 16) })
  }()
}
