import Synchronization

/// The body bytes that all requests together may hold.
final class ByteBudget: Sendable {
  private let limit: Int
  private let used = Atomic<Int>(0)

  init(limit: Int) { self.limit = limit }

  /// Bytes held now.
  var bytes: Int { used.load(ordering: .relaxed) }

  /// Whether `count` more would fit now.
  ///
  /// Nothing is set aside: a length that is only announced costs nothing.
  func hasRoom(for count: Int) -> Bool {
    let (sum, overflow) = bytes.addingReportingOverflow(count)
    return !overflow && sum <= limit
  }

  /// Takes `count` more, or nothing.
  func take(_ count: Int) -> Bool {
    let (_, sum) = used.add(count, ordering: .relaxed)
    if sum <= limit { return true }
    give(count)
    return false
  }

  func give(_ count: Int) { used.subtract(count, ordering: .relaxed) }
}
