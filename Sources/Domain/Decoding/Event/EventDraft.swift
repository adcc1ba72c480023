import Hashing
import Model

/// A member of the event that belongs elsewhere, with what is needed to take it out.
struct MemberPlace {
  /// From its key's quote to behind its value.
  var range: Range<Int>
  /// What to take out: the member and one comma.
  var cut: Range<Int>
  var key: Hash128
  /// Whether it belongs to the event if that is a turn of a conversation.
  var isOfTurn: Bool
}

/// What is known of an event when its last byte has been read.
struct EventDraft {
  var start = 0
  var end = 0
  var firstToken = 0
  var type: EventType?
  var occurredAt: Timestamp?
  var content = Hash128(low: 0, high: 0)
  /// The members that are there and not null.
  var present: UInt32 = 0
  var eventID = Hash128(low: 0, high: 0)
  var handoffID = Hash128(low: 0, high: 0)
  var taskID = Hash128(low: 0, high: 0)
  var conversationID = Hash128(low: 0, high: 0)
  var agent = Hash128(low: 0, high: 0)
  var requested: Int64 = 0
  var resolved: Int64 = 0
  var resolvedToken = 0
  /// The token of the list of receivers, or -1.
  var receivers = -1
  /// What is wrong with the event if it is a turn of a conversation.
  var turnFault: EventFault?
  /// The token of `attributes`, if it is an object, or -1.
  var attributes = -1
  /// The token of `attributes`, if it is null, or -1.
  var nullAttributes = -1

  func has(_ role: FieldRole) -> Bool { present & role.bit != 0 }
}
