/// A message for an incoming webhook of Slack: blocks, and a line for where there is no room for blocks.
import Bytes

enum SlackMessage {
  /// The most alerts that are shown one by one, and the longest text of a block.
  private static let mostAlerts = 10
  private static let longest = 2900

  static func body(_ notice: Notice, _ surroundings: Message.Surroundings) -> [UInt8] {
    let title = title(notice)
    var text = JSONWriter.ofMessage
    text.object { text in
      text.member("text", escaped(title))
      text.key("attachments")
      text.array([notice]) { text, notice in
        text.object { text in
          text.member("color", color(notice))
          text.member("fallback", escaped(title))
          text.key("blocks")
          text.array(blocks(notice, title, surroundings)) { text, block in block(&text) }
        }
      }
    }
    return text.bytes
  }

  private typealias Block = (inout JSONWriter) -> Void

  private static func title(_ notice: Notice) -> String {
    let state = notice.isFiring ? "FIRING" : "RESOLVED"
    let name = notice.alerts.first?.name ?? ""
    let summary = notice.alerts.first?.annotations["summary"] ?? name
    return notice.alerts.count == 1 ? "[\(state)] \(summary)" : "[\(state):\(notice.alerts.count)] \(name)"
  }

  private static func color(_ notice: Notice) -> String {
    guard notice.isFiring else { return "good" }
    return notice.severity == .critical ? "danger" : "warning"
  }

  private static func blocks(
    _ notice: Notice, _ title: String, _ surroundings: Message.Surroundings
  ) -> [Block] {
    var blocks: [Block] = [section("*\(escaped(title))*")]
    if notice.alerts.count == 1, let alert = notice.alerts.first {
      if let words = alert.annotations["description"], !words.isEmpty {
        blocks.append(section(escaped(words)))
      }
      blocks.append(fields(alert))
    } else {
      let lines = notice.alerts.prefix(mostAlerts).map {
        "• " + escaped($0.annotations["summary"] ?? $0.name)
      }
      let more = notice.alerts.count > mostAlerts ? ["and \(notice.alerts.count - mostAlerts) more"] : []
      blocks.append(section((lines + more).joined(separator: "\n")))
    }
    blocks.append(context(notice, surroundings))
    return blocks
  }

  private static func section(_ words: String) -> Block {
    return { text in
      text.object { text in
        text.member("type", "section")
        text.key("text")
        markdown(words, &text)
      }
    }
  }

  private static func fields(_ alert: Alert) -> Block {
    let value = alert.value.map(NumberWords.plain) ?? "unknown"
    let pairs =
      [("severity", alert.severity.rawValue)] + alert.details.prefix(6).map { ($0.name, $0.value) }
      + [("value", value), ("threshold", NumberWords.plain(alert.threshold))]
    return { text in
      text.object { text in
        text.member("type", "section")
        text.key("fields")
        text.array(pairs) { text, pair in markdown("*\(escaped(pair.0))*\n\(escaped(pair.1))", &text) }
      }
    }
  }

  private static func context(_ notice: Notice, _ surroundings: Message.Surroundings) -> Block {
    let alert = notice.alerts.first
    let link = notice.alerts.count == 1 ? alert?.page(surroundings.externalURL) : nil
    let page = "<\(link ?? surroundings.externalURL + "/#/alerts")|console>"
    let runbook = alert?.annotations["runbook_url"].map { " · runbook: \(escaped($0))" } ?? ""
    return { text in
      text.object { text in
        text.member("type", "context")
        text.key("elements")
        text.array([page + runbook]) { text, words in markdown(words, &text) }
      }
    }
  }

  private static func markdown(_ words: String, _ text: inout JSONWriter) {
    text.object { text in
      text.member("type", "mrkdwn")
      text.member("text", String(words.prefix(longest)))
    }
  }

  /// As Slack wants text that is meant literally.
  private static func escaped(_ words: String) -> String {
    words.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
