import Configuration
import Platform

@testable import handoffd

/// A console that remembers.
final class Transcript: Sendable {
  private let printed = Guarded("")
  private let errors = Guarded("")
  private let input = Guarded<[[UInt8]]>([])

  var output: String { printed.withLock { $0 } }
  var error: String { errors.withLock { $0 } }

  /// Standard input comes in these pieces.
  init(input pieces: [String] = []) {
    input.withLock { $0 = pieces.map { Array($0.utf8) } }
  }

  func console(isWatched: Bool = false, columns: Int? = nil) -> Console {
    Console(
      print: { [self] text in printed.withLock { $0 += text } },
      write: { [self] bytes throws(SystemError) in
        printed.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
      },
      error: { [self] text in errors.withLock { $0 += text } },
      isWatched: isWatched,
      terminal: columns.map { Terminal(columns: $0) },
      isTyped: false,
      read: { [self] () throws(SystemError) in input.withLock { $0.isEmpty ? [] : $0.removeFirst() } })
  }
}

/// What one command line gave.
struct Outcome {
  var code: Int32
  var output: String
  var error: String
}

/// Runs one command line in surroundings of its own.
func handoffd(
  _ arguments: [String], environment: [String: String] = ["HOME": "/home/op"],
  files contents: [String: String] = [:], openFiles: Set<String> = [],
  input: [String] = [], isWatched: Bool = false, columns: Int? = nil,
  time: any TimeSource = SystemTime(), serve: @escaping ServeCommand.Start = { _, _ in 99 }
) -> Outcome {
  let transcript = Transcript(input: input)
  let files = ConfigurationFiles(
    read: { path in
      contents[path].map { .success(Array($0.utf8)) }
        ?? .failure(FileProblem(reason: "No such file or directory"))
    },
    isOpenToAll: { openFiles.contains($0) },
    workingDirectory: { "/home/me" })
  let program = Program(
    environment: environment, files: files,
    console: transcript.console(isWatched: isWatched, columns: columns),
    time: time,
    serve: serve)
  let code = program.run(arguments)
  return Outcome(code: code, output: transcript.output, error: transcript.error)
}
