import Model
import Platform

/// The events of the benchmark, rendered beforehand: three a handoff, as the README's example has them.
struct Workload {
  /// When the first handoff began, in microseconds since 1970.
  let start: Int64
  /// Tells one run's handoffs from another's.
  let run: String

  /// Handoffs that began within the last minutes, so that nothing is late.
  init(run: String, now: WallTime) {
    self.run = run
    start = now.microseconds - 240 * 1_000_000
  }

  /// The event at a position: initiated, acknowledged and completed of one handoff follow each other.
  func event(_ position: Int) -> String {
    let handoff = position / 3
    let at = start + Int64(handoff) * 100
    let head =
      #"{"schema_version":"1.0","event_id":"\#(run)-\#(position)","handoff_id":"ho-\#(run)-\#(handoff)","#
    switch position % 3 {
    case 0: return head + initiated(handoff, at)
    case 1:
      return head + #""type":"handoff.acknowledged","occurred_at":"\#(text(at + 350_000))","attempt":1}"#
    default:
      return head + #""type":"handoff.completed","occurred_at":"\#(text(at + 2_350_000))"}"#
    }
  }

  /// Events from one position to another, a line each.
  func lines(_ range: Range<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count * 420)
    for position in range {
      bytes.append(contentsOf: event(position).utf8)
      bytes.append(10)
    }
    return bytes
  }

  /// Whole HTTP requests with batches of that many events.
  func requests(events: Int, batch: Int, from first: Int = 0) -> [[UInt8]] {
    stride(from: first, to: first + events, by: batch).map { position in
      Self.request(lines(position..<min(position + batch, first + events)), type: "application/x-ndjson")
    }
  }

  /// Whole HTTP requests with one event each.
  func singles(_ count: Int, from first: Int = 0) -> [[UInt8]] {
    (first..<(first + count)).map { Self.request(Array(event($0).utf8), type: "application/json") }
  }

  private static func request(_ body: [UInt8], type: String) -> [UInt8] {
    Array(
      "POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\n\r\n"
        .utf8) + body
  }

  private func initiated(_ handoff: Int, _ at: Int64) -> String {
    let agents = ["researcher", "coder", "reviewer", "tester", "writer"]
    return #""type":"handoff.initiated","occurred_at":"\#(text(at))","task_id":"task-\#(handoff / 4)","#
      + #""conversation_id":"c-\#(handoff / 40)","from_agent":"\#(agents[handoff % 5])","#
      + #""to_agent":"\#(agents[(handoff + 1) % 5])","attempt":1,"hop":\#(handoff % 4 + 1),"kind":"warm","#
      + #""pattern":"sequential","reason":"specialization","envelope":{"version":"2.0","bytes":5120,"#
      + #""strategy":"priority_trimming","tokens":{"budget":4000,"used":\#(2500 + handoff % 1000),"trimmed":0},"#
      + #""memory_refs":{"requested":20,"resolved":\#(19 + handoff % 2)},"confidence":0.9,"#
      + #""sections":["task_context","memory_references","constraints"]}}"#
  }

  private func text(_ microseconds: Int64) -> String { Timestamp(microseconds: microseconds).text }
}
