import Configuration
import HTTPClient
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
    var fault: SystemError?
    let outcome = stream { piece in
      do throws(SystemError) {
        try take(piece)
        return true
      } catch {
        fault = error
        return false
      }
    }
    line.clear()
    // A disk that takes nothing more ends the stream, and is the reason.
    if let fault { throw fault }
    switch outcome {
    case .failure(let error): return tell(AuditFailure(error, at: settings.url))
    case .success(let answer) where answer.status != 200: return tell(AuditFailure(answer))
    case .success: break
    }
    try target.finish()
    if program.console.isWatched, !target.isTerminal { program.console.error(summary + "\n") }
    return Program.Exit.done
  }

  private func stream(_ take: ([UInt8]) -> Bool) -> Result<HTTPAnswer, HTTPClientError> {
    let client = HTTPClient(agent: "handoffd/\(BuildIdentity.currentVersion)")
    do throws(HTTPClientError) {
      return .success(try client.stream(request, take: take))
    } catch {
      return .failure(error)
    }
  }

  private var request: HTTPRequest {
    let filters = settings.filters.parameters(at: program.time.wall())
    let parameters =
      [("of", subject), ("format", settings.format.rawValue), ("order", settings.order.rawValue)]
      + filters.map { ($0.name, $0.value) }
    let query = parameters.map { "\($0.0)=\(PercentEncoding.segment($0.1))" }.joined(separator: "&")
    var request = HTTPRequest("GET", "\(settings.url)/v1/export?\(query)")
    request.timeout = settings.timeout
    return request
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
