import Alerts
import Crypto
import HTTPClient
import Model
import Platform
import Synchronization
import TestSupport
import Testing

@testable import Delivery

/// Receivers that behave, and those that do not.
struct DeliveryTests {
  private final class Settled: Sendable {
    let all = Mutex<[(String, Settlement)]>([])
  }

  /// A dispatcher with one receiver, and what became of its notifications.
  private struct Rig {
    var dispatcher: Dispatcher
    let settled = Settled()
    private let lines = Guarded<[String]>([])

    /// What the log says.
    var said: String { lines.withLock { $0.joined(separator: "\n") } }

    init(_ webhooks: [String: Webhook], givesUpAfter: Duration = .seconds(3600)) throws {
      let backoff = DeliveryBackoff(first: .milliseconds(20), longest: .milliseconds(100))
      let log = Log(level: .warning) { [lines] line in lines.withLock { $0.append(line) } }
      dispatcher = Dispatcher(
        seed: 1, backoff: backoff, time: SystemTime(), log: log,
        settled: { [settled] notice, outcome in settled.all.withLock { $0.append((notice.id, outcome)) } })
      var rules = RuleSet(
        receivers: webhooks.sorted { $0.key < $1.key }.map {
          Receiver(name: $0.key, channel: .webhook($0.value))
        })
      rules.givesUpAfter = givesUpAfter
      try dispatcher.use(rules, Message.Surroundings(externalURL: "http://127.0.0.1:9797"))
    }

    func deliver(_ ids: String..., to receiver: String = "r", about fingerprint: UInt64 = 1) {
      let now = Timestamp(microseconds: SystemTime().wall().microseconds)
      dispatcher.deliver(
        ids.map { id in
          QueuedNotice(
            id: id, receiver: receiver, fingerprints: [fingerprint], body: Array("{\"id\":\"\(id)\"}".utf8),
            decidedAt: now)
        })
    }

    func wait(for count: Int) throws -> [(String, Settlement)] {
      try eventually("\(count) notifications are settled") { settled.all.withLock { $0.count >= count } }
      return settled.all.withLock { $0 }
    }
  }

  private static let ok = ScriptedServer.answer("200 OK")

  @Test(
    arguments: [
      ["503 Service Unavailable"], ["429 Too Many Requests"], ["408 Request Timeout"],
      ["500 Internal Server Error", "502 Bad Gateway"],
    ])
  func `what may pass is tried again, with the same bytes and the same id`(statuses: [String]) throws {
    let server = try ScriptedServer(answers: statuses.map { ScriptedServer.answer($0) } + [Self.ok])
    defer { server.stop() }
    let rig = try Rig(["r": Webhook(url: server.url + "/hook")])
    defer { rig.dispatcher.close() }
    rig.deliver("m1")
    #expect(try rig.wait(for: 1).map(\.1) == [.delivered])
    #expect(server.requests.count == statuses.count + 1)
    #expect(Set(server.requests.map(\.body)).count == 1)
    #expect(server.requests.allSatisfy { $0.head.lowercased().contains("webhook-id: m1") })
    let status = rig.dispatcher.statuses().first
    #expect(status?.delivered == 1 && status?.attempts == UInt64(statuses.count + 1))
  }

  @Test func `Retry-After is kept`() throws {
    let server = try ScriptedServer(
      answers: [ScriptedServer.answer("429 Too Many Requests", headers: ["Retry-After: 1"]), Self.ok])
    defer { server.stop() }
    let rig = try Rig(["r": Webhook(url: server.url)])
    defer { rig.dispatcher.close() }
    let start = SystemTime().now()
    rig.deliver("m1")
    #expect(try rig.wait(for: 1).map(\.1) == [.delivered])
    #expect(SystemTime().now() - start >= .seconds(1))
  }

  @Test(arguments: ["400 Bad Request", "404 Not Found", "410 Gone", "422 Unprocessable Content"])
  func `what will not pass is not tried again`(status: String) throws {
    let server = try ScriptedServer(answers: [ScriptedServer.answer(status)])
    defer { server.stop() }
    let rig = try Rig(["r": Webhook(url: server.url)])
    defer { rig.dispatcher.close() }
    rig.deliver("m1")
    #expect(try rig.wait(for: 1).map(\.1) == [.failed(.status)])
    #expect(server.requests.count == 1)
  }

  @Test(arguments: ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
  func `a redirect is not followed, and nothing leaks to where it points`(status: String) throws {
    let target = try ScriptedServer(answers: [Self.ok])
    defer { target.stop() }
    let server = try ScriptedServer(
      answers: [ScriptedServer.answer(status, headers: ["Location: \(target.url)/stolen"])])
    defer { server.stop() }
    let directory = try TemporaryDirectory()
    var webhook = Webhook(url: server.url)
    webhook.access.bearerTokenFile = try directory.write("s3cret\n", to: "token")
    let rig = try Rig(["r": webhook])
    defer { rig.dispatcher.close() }
    rig.deliver("m1")
    #expect(try rig.wait(for: 1).map(\.1) == [.failed(.redirect)])
    #expect(target.requests.isEmpty)
    #expect(server.requests.first?.head.contains("Authorization: Bearer s3cret") == true)
  }

  /// How a receiver breaks a connection, once; then it behaves.
  enum Break: CaseIterable {
    /// Closes it in order, before the answer.
    case closed
    /// Resets it before the answer.
    case reset
    /// Resets it in the midst of the answer.
    case halfReset
  }

  @Test(arguments: Break.allCases)
  func `a connection that breaks is tried again`(_ way: Break) throws {
    let count = Atomic(0)
    let server = try ScriptedServer { _, connection in
      guard count.add(1, ordering: .relaxed).oldValue == 0 else { return connection.send(Self.ok.utf8) }
      if way == .halfReset { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf-".utf8) }
      if way != .closed { connection.abortOnClose() }
      return false
    }
    defer { server.stop() }
    let rig = try Rig(["r": Webhook(url: server.url)])
    defer { rig.dispatcher.close() }
    rig.deliver("m1")
    #expect(try rig.wait(for: 1).map(\.1) == [.delivered])
    #expect(server.requests.count == 2)
    #expect(rig.said.contains(way == .closed ? "Empty reply from server" : "Connection reset by peer"))
  }

  @Test func `a trickle ends at the total deadline, and a huge answer at its bound`() throws {
    let count = Atomic(0)
    let server = try ScriptedServer { _, connection in
      switch count.add(1, ordering: .relaxed).oldValue {
      case 0:
        // An answer that never ends: the client leaves when its time is over.
        _ = connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".utf8)
        while connection.send("x".utf8), count.load(ordering: .relaxed) == 1,
          connection.receive()?.isEmpty == false
        {}
        return false
      case 1:
        return connection.send(ScriptedServer.answer("200 OK", String(repeating: "x", count: 1 << 20)).utf8)
      default: return connection.send(Self.ok.utf8)
      }
    }
    defer { server.stop() }
    var webhook = Webhook(url: server.url)
    // Long enough for the other two answers on a machine that has much else to do.
    webhook.timeout = .seconds(1)
    let rig = try Rig(["r": webhook])
    defer { rig.dispatcher.close() }
    rig.deliver("m1")
    #expect(try rig.wait(for: 1).map(\.1) == [.delivered])
    #expect(server.requests.count == 3)
  }

  @Test func `a receiver that is stuck delays no other`() throws {
    let stuck = try ScriptedServer { _, connection in
      _ = connection.receive()
      return false
    }
    defer { stuck.stop() }
    let quick = try ScriptedServer(answers: [Self.ok])
    defer { quick.stop() }
    var slow = Webhook(url: stuck.url)
    slow.timeout = .seconds(60)
    let rig = try Rig(["slow": slow, "quick": Webhook(url: quick.url)])
    rig.deliver("m1", to: "slow")
    try eventually("the slow one is at it") { !stuck.requests.isEmpty }
    rig.deliver("m2", to: "quick")
    #expect(try rig.wait(for: 1).map(\.0) == ["m2"])
    stuck.stop()
    rig.dispatcher.close()
  }

  @Test func `what cannot be delivered is given up in the end, and the rest goes on`() throws {
    let server = try ScriptedServer { request, connection in
      let isPoison = String(decoding: request.body, as: UTF8.self).contains("bad")
      return connection.send(ScriptedServer.answer(isPoison ? "500 No" : "200 OK").utf8)
    }
    defer { server.stop() }
    let rig = try Rig(["r": Webhook(url: server.url)], givesUpAfter: .seconds(1))
    defer { rig.dispatcher.close() }
    rig.deliver("bad", about: 1)
    rig.deliver("good", about: 2)
    let settled = try rig.wait(for: 2)
    #expect(settled.map(\.0) == ["good", "bad"])
    #expect(settled.map(\.1) == [.delivered, .failed(.expired)])
  }

  @Test(arguments: [
    "169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]", "[fd00:ec2::254]", "100.100.100.200",
  ])
  func `link-local and metadata addresses are not spoken to`(host: String) throws {
    let rig = try Rig(["r": Webhook(url: "http://\(host)/latest")])
    defer { rig.dispatcher.close() }
    rig.deliver("m1")
    #expect(try rig.wait(for: 1).map(\.1) == [.failed(.other)])
  }

  @Test func `each attempt is signed, by every secret`() throws {
    let server = try ScriptedServer(answers: [Self.ok])
    defer { server.stop() }
    let directory = try TemporaryDirectory()
    var webhook = Webhook(url: server.url)
    webhook.signingSecretFiles = [
      try directory.write("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", to: "old"),
      try directory.write("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD\n", to: "new"),
    ]
    let rig = try Rig(["r": webhook])
    defer { rig.dispatcher.close() }
    rig.deliver("m1")
    _ = try rig.wait(for: 1)
    let request = try #require(server.requests.first)
    let fields = Dictionary(
      request.head.split(separator: "\r\n").compactMap { line -> (String, String)? in
        guard let colon = line.firstIndex(of: ":") else { return nil }
        return (line[..<colon].lowercased(), String(line[line.index(after: colon)...].dropFirst()))
      }
    ) { $1 }
    let timestamp = try #require(fields["webhook-timestamp"])
    let key = try #require(Base64.bytes("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    let code = try #require(MessageCode.sha256(Array("m1.\(timestamp).".utf8) + request.body, key: key))
    #expect(fields["webhook-signature"]?.split(separator: " ").count == 2)
    #expect(fields["webhook-signature"]?.hasPrefix("v1,\(Base64.text(code)) v1,") == true)
  }

  @Test(arguments: [("120", 120.0), ("Sun, 06 Nov 1994 08:49:37 GMT", 7), ("soon", nil), ("-1", nil)])
  func `the time to wait may be seconds or a date`(text: String, seconds: Double?) throws {
    let now = try #require(Timestamp(rfc3339: Array("1994-11-06T08:49:30Z".utf8)[...]))
    let answer = HTTPAnswer(status: 503, headers: [("retry-after", text)])
    #expect(answer.askedPause(at: now).map { $0 / .seconds(1) } == seconds)
  }
}
