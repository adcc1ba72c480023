// `handoffd audit`: one question to a running sidecar, and its answer in the form that suits where it goes. The sidecar's
// words are data: on a terminal everything that could act on it is escaped, and JSON goes on as it came, so that no number
// loses a digit on the way.
import Configuration
import Platform

/// `handoffd audit`: asks a running sidecar.
struct AuditCommand {
  let program: Program

  func run(_ arguments: [String]) -> Int32 {
    program.run(AuditSettings.audit, arguments, orElse: "nothing was asked", ask)
  }

  private func ask(_ loaded: Loaded<AuditSettings>) -> Int32 {
    let question: AuditQuestion
    switch AuditQuestion.read(loaded, at: program.time.wall()) {
    case .failure(let misuse):
      return program.wrongUsage(misuse.words, more: "handoffd help audit explains it")
    case .success(let asked): question = asked
    }
    let client = SidecarClient(url: loaded.settings.url, timeout: loaded.settings.timeout)
    let limit = loaded.settings.limit
    var line = WatchedLine(program.console, program.time)
    do throws(AuditFailure) {
      let answer = try AuditAnswer.fetch(
        question, limit: limit, progress: { line.show("\($0) of up to \(limit)") },
        get: { target throws(AuditFailure) in try client.get(target) })
      line.clear()
      return show(answer, to: question, loaded.settings)
    } catch {
      line.clear()
      program.console.error("handoffd: cannot show \(question.words): \(error.words)\n")
      return error.isWrongUsage ? Program.Exit.wrongUsage : Program.Exit.failed
    }
  }

  private func show(_ answer: AuditAnswer, to question: AuditQuestion, _ settings: AuditSettings) -> Int32 {
    let console = program.console
    let format = settings.form.format ?? (console.terminal == nil ? .ndjson : .table)
    let paper = Paper(terminal: console.terminal, environment: program.environment)
    do throws(SystemError) {
      try console.write(AuditWriter(question: question, paper: paper).write(answer, format))
    } catch {
      // A reader that has seen enough, as head, is no failure.
      guard !error.isBrokenPipe else { return Program.Exit.done }
      console.error("handoffd: \(error); the answer is not complete\n")
      return Program.Exit.failed
    }
    if answer.isCut { console.error("There are more; --limit \(settings.limit) cut the list.\n") }
    return Program.Exit.done
  }
}
