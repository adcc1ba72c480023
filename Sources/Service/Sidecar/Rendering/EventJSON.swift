import Bytes
import Decoding
import Model
import Store

extension JSONWriter {
  /// An event as it was sent, with when and by which sidecar it was received.
  mutating func event(_ event: StoredEvent) {
    object(extending: event.body.span) {
      $0.member("received_at", event.receivedAt)
      $0.member("instance", event.instance)
    }
  }

  /// The same of an event as it is exported.
  mutating func event(_ event: ExportedEvent, _ receivedAt: Timestamp) {
    _ = event.with(.body) { body in
      object(extending: body) { writer in
        writer.member("received_at", receivedAt)
        writer.key("instance")
        if !event.with(.instance, { writer.text(utf8: $0) }) { writer.null() }
      }
    }
  }

  /// A refused event, with the bytes that were sent as text.
  mutating func rejection(_ rejection: StoredRejection) {
    object {
      $0.member("received_at", rejection.receivedAt)
      $0.member("from", rejection.from)
      $0.member("from_agent", Sender.named(in: rejection.body))
      $0.member("instance", rejection.instance)
      $0.member("index", rejection.index)
      $0.member("code", rejection.code)
      $0.member("pointer", rejection.pointer)
      $0.member("message", rejection.message)
      $0.member("body", String(decoding: rejection.body, as: UTF8.self))
      $0.member("acknowledged", flag: rejection.isAcknowledged)
    }
  }
}
