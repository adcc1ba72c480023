import Bytes
import Model
import Store

extension JSONWriter {
  /// An event as it was sent, with when and by which sidecar it was received.
  mutating func event(_ event: StoredEvent) {
    // The body is an object as it was sent: the two members are put before its closing brace.
    var members = event.body[...]
    while let last = members.last, last != UInt8(ascii: "}") { members.removeLast() }
    members.removeLast(members.isEmpty ? 0 : 1)
    var tail = JSONWriter()
    tail.object {
      $0.member("received_at", event.receivedAt.text)
      $0.member("instance", event.instance)
    }
    let isBare = members.allSatisfy { $0 == UInt8(ascii: "{") || $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }
    raw(members + (isBare ? [] : [UInt8(ascii: ",")]) + tail.bytes.dropFirst())
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
