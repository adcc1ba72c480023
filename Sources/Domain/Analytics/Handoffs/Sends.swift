/// The last two moments at which a handoff was sent: initiated, replayed or rerouted.
///
/// Two are enough: an acknowledgement that occurred before the last send answers the one before.
struct Sends: Sendable {
  /// The moment twice, plus one for a replay: at the same moment, that comes after an acknowledgement.
  private var last = Int64.min
  private var before = Int64.min

  var isEmpty: Bool { last == .min }
  var latest: Int64 { last >> 1 }

  /// Adds a send; true if it is the latest.
  mutating func add(_ occurredAt: Int64, isReplay: Bool) -> Bool {
    let key = occurredAt << 1 | (isReplay ? 1 : 0)
    if key > last {
      before = last
      last = key
      return true
    }
    if key < last { before = max(before, key) }
    return false
  }

  /// The last send before an acknowledgement.
  func last(before acknowledgedAt: Int64) -> Int64? {
    let limit = acknowledgedAt << 1 | 1
    if !isEmpty, last < limit { return last >> 1 }
    return before != .min && before < limit ? before >> 1 : nil
  }
}
