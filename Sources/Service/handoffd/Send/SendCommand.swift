import Configuration
import HTTPClient
import Platform

/// `handoffd send`: brings NDJSON events from a file or standard input to a sidecar.
struct SendCommand {
  let program: Program

  /// No event is longer; a longer line is not even sent.
  private static let longestLine = 8 << 20

  func run(_ arguments: [String]) -> Int32 {
    program.run(SendSettings.send, arguments, orElse: "nothing was sent") { loaded in
      send(loaded.settings, loaded.operands.first ?? "-")
    }
  }

  private func send(_ settings: SendSettings, _ path: String) -> Int32 {
    do throws(SystemError) {
      let (source, total) = try open(path)
      var session = SendSession(
        lines: source, settings: settings, console: program.console, time: program.time,
        progress: program.console.isWatched ? ProgressLine(total: total) : nil)
      return try session.run() ? Program.Exit.done : Program.Exit.failed
    } catch {
      program.console.error("\(error); what came before it was sent\n")
      return Program.Exit.failed
    }
  }

  /// The lines of a file or of standard input, and how many bytes they are if that is known.
  private func open(_ path: String) throws(SystemError) -> (LineSource, Int?) {
    guard path != "-" else {
      if program.console.isTyped {
        program.console.error("reading events from the keyboard, one JSON object a line; Ctrl-D ends them\n")
      }
      let read = program.console.read
      return (LineSource(longest: Self.longestLine) { () throws(SystemError) in try read() }, nil)
    }
    let file = try FileDescriptor.open(path, [.read])
    let status = try file.status()
    let source = LineSource(longest: Self.longestLine) { () throws(SystemError) in
      try file.readSome(upTo: 1 << 16)
    }
    return (source, status.kind == .file ? Int(clamping: status.size) : nil)
  }
}
