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
    var body: [UInt8]
    var at: MonotonicInstant
  }

  /// What it does with a request that it has read.
  enum Manner: Sendable {
    /// Answers with a status, and header fields.
    case answer(String, [String] = [])
    /// Closes the connection without an answer.
    case cut
    /// Resets the connection without an answer.
    case reset
    /// Answers well with the first half of a body, then resets the connection.
    case halfReset
    /// Answers with a body that comes byte by byte, for ever.
    case trickle
    /// Answers well, with a body of so many bytes.
    case huge(Int)
    /// Does something, then answers well.
    case act(@Sendable () -> Void)

    static let good = Manner.answer("200 OK")
  }

  private let all = Guarded<[Page]>([])
  private let isClosed = Guarded(false)
  private let server: ScriptedServer

  /// Answers the first requests with `answers`, then all with 200; what it did not answer well it has not taken.
  convenience init(answers: [String] = []) throws {
    let count = Guarded(0)
    try self.init(takesAll: false) { _, _ in
      let number = count.withLock { count in
        defer { count += 1 }
        return count
      }
      let answer = number < answers.count ? answers[number] : "200 OK"
      return answer == "cut" ? .cut : .answer(answer)
    }
  }

  /// Behaves as `manner` says of a notification that comes for the so-manieth time, from 1.
  ///
  /// With `takesAll` a notification counts as taken once it was read, however it was answered.
  init(takesAll: Bool = true, manner: @escaping @Sendable (Page, Int) -> Manner) throws {
    let (all, isClosed) = (all, isClosed)
    let attempts = Guarded<[String: Int]>([:])
    server = try ScriptedServer { request, connection in
      guard let page = Page(request) else { return connection.send(ScriptedServer.answer("400 No").utf8) }
      let attempt = attempts.withLock { counts in
        counts[page.id, default: 0] += 1
        return counts[page.id, default: 0]
      }
      let manner = manner(page, attempt)
      if takesAll || manner.isGood { all.withLock { $0.append(page) } }
      return manner.perform(on: connection) { isClosed.withLock { $0 } }
    }
  }

  /// Where it listens.
  var url: String { "\(server.url)/hook" }
  /// The port of it.
  var port: UInt16 { server.port }

  /// A file of rules that tells this pager of everything; `port` leads to it through something that stands in between.
  func rules(
    in directory: TemporaryDirectory, _ more: String = "", timeout: String = "5s", port: UInt16? = nil
  ) throws -> String {
    let path = directory.file("rules.yaml")
    let url = "http://127.0.0.1:\(port ?? self.port)/hook"
    let text = "receivers: [{name: pager, webhook: {url: \"\(url)\", timeout: \(timeout)}}]\n" + more
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  /// All notifications so far, in the order in which they were first taken, repeats left out.
  var pages: [Page] {
    var ids: Set<String> = []
    return taken.filter { ids.insert($0.id).inserted }
  }

  /// All that was taken, repeats and all.
  var taken: [Page] { all.withLock { $0 } }

  /// The requests that came, taken or not.
  var requests: [ScriptedServer.Request] { server.requests }

  /// The first notification of an alert, if there was one.
  func page(of alert: String) -> Page? { pages.first { $0.alerts.contains(alert) } }

  /// What was told of one alert, in order.
  func story(of alert: String) -> [String] { pages.filter { $0.alerts.contains(alert) }.map(\.status) }

  /// How tests call an alert: its name and its target, as its labels have them.
  static func name(of alert: [String: Any]) -> String {
    let labels = alert.object("labels")
    return [labels.text("alertname"), labels.text("to_agent")].compactMap(\.self).joined(separator: " ")
  }

  /// Whether the page of an opened circuit comes within a second of the answer to the event, given a few tries:
  /// what else a busy machine does in that second is not the sidecar's.
  func isToldWithinASecond(_ open: (_ agent: String) throws -> Void) throws -> Bool {
    for number in 1...5 {
      let agent = "agent-\(number)"
      try open(agent)
      let answered = SystemTime().now()
      let page = try eventually("the page of \(agent)") { self.page(of: "HandoffCircuitOpen \(agent)") }
      if page.at < answered + .seconds(1) * Sanitizer.slowness { return true }
    }
    return false
  }

  /// Rules that look at the clock only once a minute: what is told sooner is told because something happened.
  static let unhurried = "defaults: {evaluate_every: 60s}\n"

  func stop() {
    isClosed.withLock { $0 = true }
    server.stop()
  }
}

extension Pager.Manner {
  fileprivate var isGood: Bool {
    switch self {
    case .answer(let status, _): status.hasPrefix("2")
    case .act, .huge: true
    case .cut, .reset, .halfReset, .trickle: false
    }
  }

  /// Answers; false closes the connection.
  fileprivate func perform(on connection: Socket, isClosed: () -> Bool) -> Bool {
    switch self {
    case .answer(let status, let fields):
      return connection.send(ScriptedServer.answer(status, headers: fields).utf8)
    case .cut: return false
    case .reset:
      connection.abortOnClose()
      return false
    case .halfReset:
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf-".utf8)
      connection.abortOnClose()
      return false
    case .huge(let size):
      return connection.send(ScriptedServer.answer("200 OK", String(repeating: "x", count: size)).utf8)
    case .trickle:
      guard connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".utf8) else { return false }
      while !isClosed(), connection.send("x".utf8) { pause(.milliseconds(50)) }
      return false
    case .act(let body):
      body()
      return connection.send(ScriptedServer.answer("200 OK").utf8)
    }
  }
}

extension Pager.Page {
  init?(_ request: ScriptedServer.Request) {
    let fields = request.head.split(separator: "\r\n").map { $0.split(separator: ": ", maxSplits: 1) }
    guard let id = fields.first(where: { $0.first?.lowercased() == "webhook-id" })?.last,
      let body = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
    else { return nil }
    self.id = String(id)
    self.body = request.body
    status = body.text("status") ?? ""
    alerts = body.objects("alerts").map(Pager.name(of:))
    description = body.objects("alerts").first?.object("annotations").text("description") ?? ""
    at = SystemTime().now()
  }
}
