import Bytes
import Decoding
import Dialects
import Model

/// Whether the sidecar would take the event, tried out without keeping anything.
enum EventTrial {
  /// What would not go into an event: it is there to be checked.
  private static let content = ["state"]
  /// What an envelope by itself may hold beside the facts of an event's envelope.
  private static let sections = ["data", "payload"] + Sections.all

  static func refusal(of subject: EnvelopeSubject, at now: Timestamp) -> Refusal? {
    guard subject.fault == nil else { return nil }
    guard let event = subject.event?.value.object else { return refusal(ofEnvelope: subject, at: now) }
    var tried = event
    for name in content { tried[name] = nil }
    if var envelope = tried["envelope"]?.object {
      for name in content { envelope[name] = nil }
      tried["envelope"] = .object(envelope)
    }
    return decode(tried, at: now)
  }

  private static func refusal(ofEnvelope subject: EnvelopeSubject, at now: Timestamp) -> Refusal? {
    guard var envelope = subject.envelope.value.object else { return nil }
    for name in content + sections { envelope[name] = nil }
    guard
      var refusal = decode(
        ["type": .text(EventType.prepared.name), "handoff_id": .text("-"), "envelope": .object(envelope)],
        at: now)
    else { return nil }
    refusal.pointer = String(refusal.pointer.dropFirst(refusal.pointer.hasPrefix("/envelope") ? 9 : 0))
    return refusal
  }

  private static func decode(_ event: JSONObject, at now: Timestamp) -> Refusal? {
    var decoder = Decoder()
    let batch = try? decoder.decode(
      JSONValue.object(event).bytes(), contentType: "application/json", receivedAt: now, keptRejections: 0)
    return batch?.refusals.first
  }
}
