import Platform

/// Random numbers of a test, which can be had again: the seed is printed, and `HANDOFFD_SEED` sets it.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  /// What it started from.
  public let seed: UInt64
  private var generator: SplitMix64

  /// Starts from `HANDOFFD_SEED`, else from a new seed; prints which.
  public init(for test: String) {
    let given = Environment.value("HANDOFFD_SEED").flatMap { UInt64($0) }
    self.init(seed: given ?? UInt64.random(in: 0..<1_000_000_000_000))
    print("\(test): HANDOFFD_SEED=\(seed)")
  }

  /// Starts from `seed`.
  public init(seed: UInt64) {
    self.seed = seed
    generator = SplitMix64(seed: seed)
  }

  /// The next number.
  public mutating func next() -> UInt64 { generator.next() }

  /// True once in `count` times.
  public mutating func once(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}
