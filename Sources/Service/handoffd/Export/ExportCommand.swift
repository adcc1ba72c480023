// `handoffd export`: a stream from the sidecar to a file or standard output, of which no more than a piece is held. What
// is not complete never looks complete: a file gets its name once its last byte is on disk, and a stream that broke off
// exits 1.
import Configuration
import HTTPClient
import Platform
import Wording

/// `handoffd export`: brings all matching handoffs, or their events, out of a sidecar.
struct ExportCommand {
  let program: Program

  func run(_ arguments: [String]) -> Int32 {
    program.run(ExportSettings.export, arguments, orElse: "nothing was exported", export)
  }

  private func export(_ loaded: Loaded<ExportSettings>) -> Int32 {
    let subject = loaded.operands.first ?? "handoffs"
    let subjects = ["handoffs", "events"]
    guard subjects.contains(subject) else {
      let guess = Spelling.nearest(to: subject, among: subjects).map {
        "; did you mean handoffd export \($0)?"
      }
      return program.wrongUsage(
        "handoffd export knows nothing of \(Printable.quote(subject))\(guess ?? "")",
        more: "handoffd help export explains it")
    }
    let settings = loaded.settings
    do throws(SystemError) {
      let target = try ExportTarget(settings.output, program.console)
      var session = ExportSession(subject: subject, settings: settings, target: target, program: program)
      return try session.run()
    } catch {
      guard !error.isBrokenPipe else { return Program.Exit.done }
      program.console.error("handoffd: \(error); nothing more was exported\n")
      return Program.Exit.failed
    }
  }
}
