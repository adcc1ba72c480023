import Configuration
import HTTPClient
import Platform

/// `handoffd send`: brings NDJSON events from a file or standard input, packed or not, to a sidecar.
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
    do throws(UnreadableInput) {
      let (source, total) = try open(path)
      var session = SendSession(
        lines: source, settings: settings, console: program.console, time: program.time,
        progress: program.console.isWatched ? ProgressLine(total: total) : nil)
      return session.run() ? Program.Exit.done : Program.Exit.failed
    } catch {
      program.console.error("\(error); nothing was sent\n")
      return Program.Exit.failed
    }
  }

  /// The lines of a file or of standard input, and how many bytes they are if that is known.
  private func open(_ path: String) throws(UnreadableInput) -> (LineSource, Int?) {
    guard path != "-" else {
      if program.console.isTyped {
        program.console.error("reading events from the keyboard, one JSON object a line; Ctrl-D ends them\n")
      }
      return (lines(of: try EventInput("standard input", source: program.console.read)), nil)
    }
    let (file, status) = try openFile(path)
    let input = try EventInput(path) { () throws(SystemError) in try file.readSome(upTo: 1 << 16) }
    let isMeasured = status.kind == .file && !input.isPacked
    return (lines(of: input), isMeasured ? Int(clamping: status.size) : nil)
  }

  private func openFile(_ path: String) throws(UnreadableInput) -> (FileDescriptor, FileStatus) {
    do throws(SystemError) {
      let file = try FileDescriptor.open(path, [.read])
      return (file, try file.status())
    } catch {
      throw .system(error)
    }
  }

  private func lines(of input: EventInput) -> LineSource {
    LineSource(longest: Self.longestLine) { () throws(UnreadableInput) in try input.read() }
  }
}
