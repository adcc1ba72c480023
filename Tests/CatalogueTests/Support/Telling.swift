import Analytics
import Bytes
import Hashing
import Model

/// Events told to the analytics, a second apart.
struct Telling {
  private(set) var analytics: Analytics
  private var now: Int64 = 1_795_230_000_000_000

  init(_ settings: AnalyticsSettings = AnalyticsSettings()) {
    analytics = Analytics(settings)
  }

  var snapshot: Snapshot { analytics.snapshot(at: Timestamp(microseconds: now)) }

  /// Tells one event; facts are given by what they are called in frames.
  mutating func tell(
    _ type: EventType, _ id: String = "", after seconds: Double = 1, body: String = "{}",
    _ facts: (FactID, String)...
  ) {
    now += Int64(seconds * 1e6)
    var writer = FrameWriter()
    if !id.isEmpty { writer.note(.handoffID, .text, value: Array(id.utf8)) }
    for (fact, value) in facts {
      writer.note(fact, Double(value) == nil ? .text : .number, value: Array(value.utf8))
    }
    var output = ByteWriter()
    writer.write(
      type: type, flags: [], source: .events, occurredAt: Timestamp(microseconds: now),
      contentHash: Hash128(low: 0, high: 0), body: Array(body.utf8)[...], into: &output)
    guard let frame = EventFrame(output.bytes, at: 0) else { return }
    analytics.step(frame, receivedAt: Timestamp(microseconds: now))
  }

  /// A handoff that is sent and, after a time, acknowledged.
  mutating func deliver(_ id: String, from sender: String, to receiver: String, after seconds: Double) {
    tell(
      .initiated, id, (.fromAgent, sender), (.toAgent, receiver), (.pattern, "direct"), (.kind, "warm"),
      (.reason, "recovery"), (.traceID, "trace-\(id)"))
    tell(
      .acknowledged, id, after: seconds, (.fromAgent, sender), (.toAgent, receiver), (.traceID, "trace-\(id)")
    )
  }

  /// A handoff that is sent and fails.
  mutating func fail(_ id: String, from sender: String, to receiver: String) {
    tell(.initiated, id, (.fromAgent, sender), (.toAgent, receiver))
    tell(.failed, id, (.fromAgent, sender), (.toAgent, receiver), (.error, "{}"), (.errorType, "no_route"))
  }
}
