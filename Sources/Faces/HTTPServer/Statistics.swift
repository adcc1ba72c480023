import Synchronization

/// What the server has done and holds, for metrics and tests.
public struct HTTPStatistics: Hashable, Sendable {
  /// Open connections.
  public var connections = 0
  /// Requests between head and last byte of the answer.
  public var requests = 0
  /// Body bytes held.
  public var bytesInFlight = 0
  /// Connections ever accepted.
  public var accepted = 0
  /// Requests ever handed to the handler.
  public var handled = 0
  /// Heads refused by the framing policy.
  public var malformed = 0
  /// Requests refused because there was no room.
  public var shed = 0
  /// Connections cut because they were too slow.
  public var cut = 0
  /// Requests answered for a handler that took too long.
  public var overdue = 0
  /// Replies that came after their request had been answered.
  public var ignoredReplies = 0
  /// Answers the client did not take.
  public var unsent = 0
}

/// The counters behind the statistics.
final class Counters: Sendable {
  let accepted = Atomic<Int>(0)
  let handled = Atomic<Int>(0)
  let malformed = Atomic<Int>(0)
  let shed = Atomic<Int>(0)
  let cut = Atomic<Int>(0)
  let overdue = Atomic<Int>(0)
  let ignoredReplies = Atomic<Int>(0)
  let unsent = Atomic<Int>(0)
}

extension Atomic where Value == Int {
  func count() { add(1, ordering: .relaxed) }

  var now: Int { load(ordering: .relaxed) }
}
