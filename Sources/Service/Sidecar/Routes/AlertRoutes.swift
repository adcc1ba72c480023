import Alerts
import Bytes
import HTTPServer
import Model
import Platform
import Store

/// What is pending and firing now, and every change there ever was.
struct AlertRoutes: Sendable {
  let keeper: AlertKeeper
  let readers: Readers

  var routes: [Route] {
    [
      Route("GET", "/v1/alerts") { request, reply in list(request, reply) },
      Route("GET", "/v1/alerts/history") { request, reply in history(request, reply) },
    ]
  }

  private func list(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, Self.listParameters)
    let limit = query.read(Self.listLimit)
    if let refusal = query.refusal { return reply.send(refusal) }
    let all = keeper.view.withLock { $0.alerts }.sorted {
      ($0.since, $0.fingerprint) < ($1.since, $1.fingerprint)
    }
    var writer = JSONWriter(capacity: 256 + min(limit, all.count) * 512)
    writer.object {
      $0.key("alerts")
      $0.array(all.prefix(limit)) { $0.alert($1) }
      $0.member("total", all.count)
    }
    reply.send(.json(writer.bytes))
  }

  private func history(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, Self.historyParameters)
    let limit = query.read(Self.limit)
    let cursor = query.read(Self.cursor)
    if let refusal = query.refusal { return reply.send(refusal) }
    readers.ask(reply) { queries throws(StoreError) in
      let page = try queries.alertHistory(limit: limit, cursor: cursor)
      var writer = JSONWriter(capacity: 256 + page.transitions.count * 512)
      writer.object {
        $0.key("transitions")
        $0.array(page.transitions) { $0.transition($1) }
        $0.member("next_cursor", page.next)
      }
      return .json(writer.bytes)
    }
  }
}

extension JSONWriter {
  fileprivate mutating func alert(_ alert: Alert) {
    object {
      $0.member("alert", alert.name)
      $0.member("severity", alert.severity.rawValue)
      $0.member("state", alert.state.rawValue)
      $0.members("labels", alert.labels)
      $0.members("annotations", alert.annotations)
      $0.member("value", alert.value)
      $0.member("threshold", alert.threshold)
      $0.member("since", alert.since)
      $0.member("fingerprint", alert.fingerprint.description)
      $0.member("inhibited_by", alert.inhibitedBy)
      $0.key("events")
      $0.array(alert.events) { $0.text($1) }
    }
  }

  fileprivate mutating func transition(_ one: StoredTransition) {
    object {
      $0.member("at", one.at.text)
      $0.member("alert", one.alert)
      $0.member("severity", one.severity)
      $0.member("state", one.state)
      $0.member("labels", raw: one.labels)
      $0.member("annotations", raw: one.annotations)
      $0.member("value", one.value)
      $0.member("threshold", one.threshold)
      $0.member("since", one.since)
      $0.member("fingerprint", one.fingerprint)
      $0.member("events", raw: one.events)
      $0.member("notified", flag: one.notified)
    }
  }

  private mutating func members(_ name: String, _ values: [String: String]) {
    key(name)
    object { writer in
      for (key, value) in values.sorted(by: { $0.key < $1.key }) { writer.member(key, value) }
    }
  }
}
