import Bytes

public import Model

extension Message {
  /// The body of `POST /api/v2/alerts`: those that fire until a while ahead, the others with their true end.
  public static func push(
    _ alerts: [Alert], firingUntil: Timestamp, _ surroundings: Surroundings
  ) -> [UInt8] {
    var text = JSONWriter.ofMessage
    text.array(alerts) { text, alert in
      let alert = alert.told(from: surroundings.externalURL)
      text.object { text in
        text.member("labels", alert.labels)
        text.member("annotations", alert.annotations)
        text.member("startsAt", alert.since.goText)
        // Alertmanager refuses an end before the beginning.
        text.member("endsAt", (alert.endedAt.map { max($0, alert.since) } ?? firingUntil).goText)
        text.member("generatorURL", alert.page(surroundings.externalURL))
      }
    }
    return text.bytes
  }
}
