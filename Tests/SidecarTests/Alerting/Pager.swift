import Foundation
import Platform
import TestSupport

/// A receiver of webhooks: what it was told, each notification once, as receivers tell them apart by `webhook-id`.
final class Pager: Sendable {
  /// One notification.
  struct Page: Sendable {
    var id: String
    var status: String
    /// Name and target of each alert.
    var alerts: [String]
    var description: String
    var at: MonotonicInstant
  }

  private let all = Guarded<[Page]>([])
  private let server: ScriptedServer

  /// Answers the first requests with `answers`, then all with 200.
  init(answers: [String] = []) throws {
    let count = Guarded(0)
    let all = all
    server = try ScriptedServer { request, connection in
      let number = count.withLock { count in
        defer { count += 1 }
        return count
      }
      let answer = number < answers.count ? answers[number] : "200 OK"
      if answer == "cut" { return false }
      if answer.hasPrefix("2"), let page = Page(request) { all.withLock { $0.append(page) } }
      return connection.send(ScriptedServer.answer(answer).utf8)
    }
  }

  /// A file of rules that tells this pager of everything.
  func rules(in directory: TemporaryDirectory, _ more: String = "") throws -> String {
    let path = directory.file("rules.yaml")
    let text = "receivers: [{name: pager, webhook: {url: \"\(server.url)/hook\"}}]\n" + more
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  /// All notifications so far, repeats left out.
  var pages: [Page] {
    var ids: Set<String> = []
    return all.withLock { $0 }.filter { ids.insert($0.id).inserted }
  }

  /// What was told of one alert, in order.
  func story(of alert: String) -> [String] { pages.filter { $0.alerts.contains(alert) }.map(\.status) }

  func stop() { server.stop() }
}

extension Pager.Page {
  init?(_ request: ScriptedServer.Request) {
    let fields = request.head.split(separator: "\r\n").map { $0.split(separator: ": ", maxSplits: 1) }
    guard let id = fields.first(where: { $0.first?.lowercased() == "webhook-id" })?.last,
      let body = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
    else { return nil }
    self.id = String(id)
    status = body.text("status") ?? ""
    alerts = body.objects("alerts").map { alert in
      let labels = alert.object("labels")
      return [labels.text("alertname"), labels.text("to_agent")].compactMap(\.self).joined(separator: " ")
    }
    description = body.objects("alerts").first?.object("annotations").text("description") ?? ""
    at = SystemTime().now()
  }
}
