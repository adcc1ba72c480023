// XXH3, the hash behind record checksums, identities and tables. Not for secrets: it is fast, not one-way.
//
// Inlinable down to the one call into the library, so that hashing a short token costs nothing else.
public import CXXHash

/// 128 bits of hash.
public struct Hash128: Hashable, Sendable, Comparable {
  /// The lower 64 bits.
  public var low: UInt64
  /// The upper 64 bits.
  public var high: UInt64

  /// Joins two halves.
  @inlinable
  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// Orders by the upper half, then by the lower.
  @inlinable
  public static func < (left: Hash128, right: Hash128) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }
}

/// XXH3 over bytes.
public enum Hash {
  /// The 64-bit hash of `bytes`.
  @inlinable
  @inline(__always)
  public static func hash64(_ bytes: borrowing RawSpan, seed: UInt64 = 0) -> UInt64 {
    unsafe bytes.withUnsafeBytes { unsafe XXH3_64bits_withSeed($0.baseAddress, $0.count, seed) }
  }

  /// The 64-bit hash of `bytes`.
  @inlinable
  @inline(__always)
  public static func hash64(_ bytes: borrowing Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
    unsafe hash64(bytes.bytes, seed: seed)
  }

  /// The 64-bit hash of `bytes`.
  @inlinable
  @inline(__always)
  public static func hash64(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
    unsafe hash64(bytes.span.bytes, seed: seed)
  }

  /// The 128-bit hash of `bytes`.
  @inlinable
  @inline(__always)
  public static func hash128(_ bytes: borrowing RawSpan, seed: UInt64 = 0) -> Hash128 {
    unsafe bytes.withUnsafeBytes {
      let hash = unsafe XXH3_128bits_withSeed($0.baseAddress, $0.count, seed)
      return Hash128(low: hash.low64, high: hash.high64)
    }
  }

  /// The 128-bit hash of `bytes`.
  @inlinable
  @inline(__always)
  public static func hash128(_ bytes: borrowing Span<UInt8>, seed: UInt64 = 0) -> Hash128 {
    unsafe hash128(bytes.bytes, seed: seed)
  }

  /// The 128-bit hash of `bytes`.
  @inlinable
  @inline(__always)
  public static func hash128(_ bytes: [UInt8], seed: UInt64 = 0) -> Hash128 {
    unsafe hash128(bytes.span.bytes, seed: seed)
  }
}
