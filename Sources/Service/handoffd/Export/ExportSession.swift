import Configuration
import Platform
import Wording

/// One run of `export`.
struct ExportSession {
  let subject: String
  let settings: ExportSettings
  let target: ExportTarget
  let program: Program

  private var rows = 0
  private var bytes = 0
  private var line: WatchedLine
  private let start: MonotonicInstant

  init(subject: String, settings: ExportSettings, target: ExportTarget, program: Program) {
    self.subject = subject
    self.settings = settings
    self.target = target
    self.program = program
    start = program.time.now()
    line = WatchedLine(program.console, program.time, isInTheWay: target.isTerminal)
  }

  /// Exports everything; gives the exit code.
  mutating func run() throws(SystemError) -> Int32 {
    let filters = settings.filters.parameters(at: program.time.wall())
    let parameters =
      [("of", subject), ("format", settings.format.rawValue), ("order", settings.order.rawValue)]
      + filters.map { ($0.name, $0.value) }
    var fault: SystemError?
    var failure: AuditFailure?
    do throws(AuditFailure) {
      try SidecarClient(url: settings.url, timeout: settings.timeout).stream("/v1/export", parameters) {
        piece in
        do throws(SystemError) {
          try take(piece)
          return true
        } catch {
          fault = error
          return false
        }
      }
    } catch {
      failure = error
    }
    line.clear()
    // A disk that takes nothing more ends the stream, and is the reason.
    if let fault { throw fault }
    if let failure { return tell(failure) }
    try target.finish()
    if program.console.isWatched, !target.isTerminal { program.console.error(summary + "\n") }
    return Program.Exit.done
  }

  private mutating func take(_ piece: [UInt8]) throws(SystemError) {
    rows += piece.count { $0 == 0x0A }
    bytes += piece.count
    try target.write(target.isTerminal ? AuditWriter.fit(piece) : piece)
    line.show(summary)
  }

  private func tell(_ failure: AuditFailure) -> Int32 {
    let left = target.remains.map { "; what came is in \(Printable.plain($0))" } ?? ""
    let after = rows > 0 ? " after \(rows) lines" : ""
    program.console.error(
      "handoffd: cannot export \(subject)\(after): \(failure.words)\(rows > 0 ? left : "")\n")
    return failure.isWrongUsage ? Program.Exit.wrongUsage : Program.Exit.failed
  }
}

extension ExportSession {
  /// How far it is, for a person.
  private var summary: String {
    let seconds = (program.time.now() - start).inSeconds
    let rate = seconds > 0 ? "\(Int(Double(rows) / seconds))/s" : "-"
    let tenths = bytes / 104_858
    return "\(rows) lines, \(tenths / 10).\(tenths % 10) MiB, \(rate)"
  }
}
