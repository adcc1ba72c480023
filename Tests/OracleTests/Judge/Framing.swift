import Decoding
import Model
import Platform
import TestSupport

/// Events as the sidecar understands them.
enum Framing {
  /// The frame of each event, in the same order.
  static func frames(of events: [SentEvent]) throws -> [EventFrame] {
    var decoder = Decoder()
    let now = Timestamp(microseconds: SystemTime().wall().microseconds)
    var frames: [EventFrame] = []
    frames.reserveCapacity(events.count)
    for start in stride(from: 0, to: events.count, by: 200) {
      let some = events[start..<min(start + 200, events.count)]
      let body = some.map(\.text).joined(separator: "\n")
      let batch = try decoder.decode(
        Array(body.utf8), contentType: "application/x-ndjson", receivedAt: now)
      let payload = BatchPayload(batch.payload.payload(receivedAt: now, from: ""))
      guard let payload, payload.frames.count == some.count else {
        throw TestFailure("an event of the test is not as it should be: \(batch.refusals)")
      }
      frames += payload.frames
    }
    return frames
  }
}
