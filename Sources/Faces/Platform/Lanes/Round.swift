import CPlatform

/// Somebody who sleeps until there is something to do.
public protocol Wakeable: AnyObject, Sendable {
  /// Ends the sleep, if it is one.
  func wake()
}

/// What a lane does in one go: whom it wakes meanwhile is woken at the end of it, once.
///
/// Woken in the middle, the other would take the place of the lane that woke it, find the first of many things, do
/// that, and sleep again: two changes of thread for each thing, where two for all would do.
///
/// Nothing that is done in a round may wait for somebody whom it wakes.
public final class Round {
  private var due: [any Wakeable] = []

  /// Nobody is to be woken yet.
  public init() {}

  /// Runs `body` as one round of the calling lane.
  public func run<Result, Failure>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    // Because: the lane's own word, which points here for as long as this is on its stack.
    unsafe hd_set_lane_word(Unmanaged.passUnretained(self).toOpaque())
    defer {
      hd_set_lane_word(nil)
      for other in due { other.wake() }
      due.removeAll(keepingCapacity: true)
    }
    return try body()
  }

  /// Wakes `other` at the end of the round that the calling lane is in, or at once where it is in none.
  public static func wake(_ other: some Wakeable) {
    guard let word = unsafe hd_lane_word() else { return other.wake() }
    // Because: it is set only while the round is on the stack of this thread.
    let round = unsafe Unmanaged<Round>.fromOpaque(word).takeUnretainedValue()
    if !round.due.contains(where: { $0 === other }) { round.due.append(other) }
  }
}
