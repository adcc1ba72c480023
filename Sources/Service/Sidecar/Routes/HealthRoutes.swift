import Bytes
import HTTPServer

/// Whether the process lives, whether it takes events, and a reload on request.
struct HealthRoutes: Sendable {
  let readiness: Readiness
  let reload: @Sendable () -> ReloadOutcome

  var routes: [Route] {
    [
      Route("GET", "/-/healthy") { _, reply in reply.send(.text("handoffd lives.\n")) },
      Route("GET", "/-/ready") { _, reply in reply.send(readiness.answer) },
      Route("POST", "/-/reload", bodyLimit: 1024) { _, reply in reply.send(answer(to: reload())) },
    ]
  }

  private func answer(to outcome: ReloadOutcome) -> Response {
    switch outcome {
    case .changed(let now, let later):
      var writer = JSONWriter()
      writer.object {
        $0.member("status", "reloaded")
        $0.key("changed")
        $0.array(now) { $0.text($1) }
        $0.key("needs_restart")
        $0.array(later) { $0.text($1) }
      }
      return .json(writer.bytes)
    case .faulty(let faults):
      let errors = faults.map { Problem.Item(code: "configuration", message: $0) }
      return .problem(
        Problem(
          status: 422, detail: "the new configuration is faulty; the old one stays in force", errors: errors))
    }
  }
}

/// What became of a reload.
enum ReloadOutcome: Sendable {
  /// The new settings are in force, but for those that need a restart.
  case changed(atOnce: [String], afterRestart: [String])
  /// The new settings are faulty, with every fault in words.
  case faulty([String])
}
