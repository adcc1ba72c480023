import Alerts
import Analytics
import Platform

/// What waits for the lane of alerts; anybody may put something in, and nobody is held up.
final class AlertInbox: Sendable {
  /// Everything that has come since the lane last looked.
  struct Content: Sendable {
    var occurrences: [Occurrence] = []
    /// Notifications that were delivered or given up.
    var settled: [String] = []
    /// Changes below this number are in the database.
    var shippedBelow: UInt64?
    var rules: RuleSet?
    var isClosed = false

    var isUrgent: Bool { !occurrences.isEmpty || rules != nil || isClosed }
  }

  private static let mostOccurrences = 20_000
  private let gate = Gate(Content())

  func put(_ occurrences: [Occurrence]) {
    gate.withLock { content in
      let room = Self.mostOccurrences - content.occurrences.count
      content.occurrences += occurrences.prefix(max(0, room))
    }
    gate.broadcast()
  }

  func putSettled(_ id: String) { gate.withLock { $0.settled.append(id) } }

  func putShipped(below number: UInt64) { gate.withLock { $0.shippedBelow = number } }

  func put(_ rules: RuleSet) {
    gate.withLock { $0.rules = rules }
    gate.broadcast()
  }

  func close() {
    gate.withLock { $0.isClosed = true }
    gate.broadcast()
  }

  /// Rests for a moment, unless all is to end.
  func rest(until deadline: MonotonicInstant) {
    _ = gate.wait(until: deadline) { $0.isClosed ? true : nil }
  }

  /// What has come; waits for something urgent until `deadline`.
  func take(until deadline: MonotonicInstant) -> Content {
    let content = gate.wait(until: deadline) { content -> Content? in
      guard content.isUrgent else { return nil }
      return Self.empty(&content)
    }
    return content ?? gate.withLock { Self.empty(&$0) }
  }

  private static func empty(_ content: inout Content) -> Content {
    let taken = content
    content = Content(isClosed: taken.isClosed)
    return taken
  }
}
