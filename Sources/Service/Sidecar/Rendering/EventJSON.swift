import Bytes
import Model
import Store

extension JSONWriter {
  /// An event as it was sent, with when and by which sidecar it was received.
  mutating func event(_ event: StoredEvent) {
    object(extending: event.body[...]) {
      $0.member("received_at", event.receivedAt.text)
      $0.member("instance", event.instance)
    }
  }

  /// A refused event, with the bytes that were sent as text.
  mutating func rejection(_ rejection: StoredRejection) {
    object {
      $0.member("received_at", rejection.receivedAt.text)
      $0.member("from", rejection.from)
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
