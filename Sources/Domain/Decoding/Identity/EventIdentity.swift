// What makes a resend one event:
//
//   event_id given                 the same handoff and event_id, whatever the time
//   only occurred_at given         the same content, which holds the time: so the id is made of the content
//   neither                        the same content within ten minutes at one sidecar, and only for
//                                  events that bear state or have an attempt; the id is made of the
//                                  content and the moment of receipt, so that later ones are others
public import Hashing
import Model

/// By what a resend of an event is known to be one.
public struct EventIdentity: Equatable, Sendable {
  /// How long the identity holds.
  public enum Term: Sendable {
    /// For ever: given by the client, or made of content that holds its time.
    case lasting
    /// For ten minutes.
    case brief
    /// Each is another.
    case single
  }

  /// What is the same in a resend.
  public var key: Hash128
  /// What is the same in a resend unless the client contradicts itself.
  public var content: UInt64
  /// How long the identity holds.
  public var term: Term
}

extension EventIdentity {
  /// The identity of an event about `subject`.
  init(subject: Hash128, kind: EventType.Subject, id: Hash128, content: Hash128, term: Term) {
    var key = MembersHash()
    key.add(subject, ContentHash.of(whole: UInt64(kind.rawValue)))
    key.add(id, ContentHash.yes)
    self.init(key: key.hash, content: content.low, term: term)
  }
}

/// Ids for events that came without one.
enum DerivedID {
  /// The id of an event whose content says when it happened.
  static func write(content: Hash128, to output: inout [UInt8]) {
    output.append(contentsOf: Array("content-".utf8))
    write(content, to: &output)
  }

  /// The id of the event at `position` of what was received at that moment.
  static func write(
    content: Hash128, receivedAt: Timestamp, position: Int, salt: UInt64, to output: inout [UInt8]
  ) {
    var receipt = ElementsHash()
    receipt.add(content)
    receipt.add(Hash128(low: UInt64(bitPattern: receivedAt.microseconds), high: salt))
    receipt.add(Hash128(low: UInt64(truncatingIfNeeded: position), high: ~salt))
    output.append(contentsOf: Array("receipt-".utf8))
    write(receipt.hash, to: &output)
  }

  static func write(_ hash: Hash128, to output: inout [UInt8]) {
    for half in [hash.high, hash.low] {
      var shift: UInt64 = 64
      while shift > 0 {
        shift -= 4
        let digit = UInt8(truncatingIfNeeded: half >> shift & 15)
        output.append(digit < 10 ? 48 + digit : 87 + digit)
      }
    }
  }
}
