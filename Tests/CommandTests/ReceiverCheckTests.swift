import TestSupport
import Testing

@testable import handoffd

/// What `handoffd check` says of receivers.
struct ReceiverCheckTests {
  private func check(_ rules: String, _ more: String...) -> Outcome {
    handoffd(["check", "--rules", "r.yaml"] + more, files: ["r.yaml": rules])
  }

  private func rules(_ url: String) -> String {
    "receivers: [{name: oncall, webhook: {url: \"\(url)\"}}, {name: am, alertmanager: {urls: [\"\(url)\"]}}]"
  }

  @Test func `files that receivers need are looked at`() {
    let outcome = check(
      "receivers: [{name: a, webhook: {url: \"http://127.0.0.1:1/\", bearer_token_file: /nowhere/token}}]")
    #expect(outcome.code == 1)
    #expect(outcome.error.contains("receiver a: cannot open /nowhere/token"))
  }

  @Test(arguments: [("oncall", "HandoffdTest"), ("am", "HandoffdTest")])
  func `a test notification is sent to the receiver that is named`(name: String, says: String) throws {
    let server = try ScriptedServer(answers: [ScriptedServer.answer("200 OK")])
    defer { server.stop() }
    let outcome = check(rules(server.url), "--send-test", name)
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.output.contains("A test notification was sent to \(name)."))
    #expect(server.requests.count == 1)
    #expect(server.requests.first.map { String(decoding: $0.body, as: UTF8.self).contains(says) } == true)
  }

  @Test func `what does not arrive is told with its reason`() throws {
    let server = try ScriptedServer(answers: [ScriptedServer.answer("401 Unauthorized")])
    defer { server.stop() }
    let outcome = check(rules(server.url), "--send-test=oncall")
    #expect(outcome.code == 1)
    #expect(outcome.error == "cannot notify oncall: the answer was 401\n")
  }

  @Test func `a receiver that is not there is asked back`() {
    let outcome = check(rules("http://127.0.0.1:1"), "--send-test", "oncal")
    #expect(outcome.code == 1)
    #expect(outcome.error == "there is no receiver \"oncal\"; did you mean oncall?\n")
    #expect(handoffd(["check", "--send-test"]).code == 2)
  }
}
