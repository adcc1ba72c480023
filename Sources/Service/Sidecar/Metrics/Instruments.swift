import Exposition
import Synchronization

/// A number that only grows.
final class Counter: Sendable {
  private let count = Atomic<UInt64>(0)

  var value: UInt64 { count.load(ordering: .relaxed) }

  func add(_ amount: Int = 1) {
    count.add(UInt64(clamping: amount), ordering: .relaxed)
  }
}

/// A counter for each value of one label; the values are a closed set of ours.
final class LabelledCounter: Sendable {
  private let counts: Mutex<[String: UInt64]>

  /// Known values stand at 0 from the first scrape.
  init(known: [String] = []) {
    counts = Mutex(Dictionary(known.map { ($0, 0) }) { first, _ in first })
  }

  func add(_ amount: Int = 1, to value: String) {
    counts.withLock { $0[value, default: 0] += UInt64(clamping: amount) }
  }

  /// A sample for each value of `label`, with other labels in front.
  func samples(_ label: String, and others: [Label] = []) -> [Sample] {
    counts.withLock { $0 }.sorted { $0.key < $1.key }.map {
      Sample($0.value, others + [Label(label, $0.key)])
    }
  }
}

/// Observations counted in buckets.
final class Distribution: Sendable {
  private let buckets: Mutex<Buckets>

  init(bounds: [Double]) {
    buckets = Mutex(Buckets(bounds: bounds))
  }

  var snapshot: Buckets { buckets.withLock { $0 } }

  func observe(_ value: Double) {
    buckets.withLock { $0.observe(value) }
  }

  /// Times from a tenth of a millisecond to half a minute.
  static let seconds: [Double] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
  ]
}
