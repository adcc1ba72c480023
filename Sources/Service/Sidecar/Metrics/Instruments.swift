import Exposition
import Platform
import Synchronization

/// A number that only grows.
final class Counter: Sendable {
  private let count = Atomic<UInt64>(0)

  var value: UInt64 { count.load(ordering: .relaxed) }

  func add(_ amount: Int = 1) {
    count.add(UInt64(clamping: amount), ordering: .relaxed)
  }
}

/// A counter for each value of one label; the values are a closed set of ours, or bounded.
final class LabelledCounter: Sendable {
  private let counts: Guarded<[String: UInt64]>
  private let most: Int
  private let rest: String

  /// Known values stand at 0 from the first scrape; the first `most` to come are kept, the others count as `rest`.
  init(known: [String] = [], most: Int = .max, rest: String = "") {
    self.most = most
    self.rest = rest
    counts = Guarded(Dictionary(known.map { ($0, 0) }) { first, _ in first })
  }

  func add(_ amount: Int = 1, to value: String) {
    counts.withLock { counts in
      let value = counts[value] != nil || counts.count < most ? value : rest
      counts[value, default: 0] += UInt64(clamping: amount)
    }
  }

  /// All of them together.
  var total: UInt64 { counts.withLock { $0.values.reduce(0, &+) } }

  /// A sample for each value of `label`, with other labels in front.
  func samples(_ label: String, and others: [Label] = []) -> [Sample] {
    counts.withLock { counts in counts.sorted { $0.key < $1.key } }.map {
      Sample($0.value, others + [Label(label, $0.key)])
    }
  }
}

/// Observations counted in buckets.
final class Distribution: Sendable {
  private let histogram: Guarded<Histogram>

  init(bounds: [Double]) {
    histogram = Guarded(Histogram(bounds: bounds))
  }

  var snapshot: Histogram { histogram.withLock { $0 } }

  func observe(_ value: Double) {
    histogram.withLock { $0.observe(value) }
  }
}
