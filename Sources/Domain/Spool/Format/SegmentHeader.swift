import Bytes
import Hashing
import Platform

/// The first 64 bytes of a segment.
///
/// Every version keeps their length, the magic, the place of the version and that of the checksum, so
/// that a newer segment can be told from a damaged one for ever.
struct SegmentHeader: Hashable {
  /// The version this code writes, and the newest it reads.
  static let supported: UInt32 = 1
  static let size = 64
  private static let magic: [UInt8] = [0xFE] + Array("HDSPOOL".utf8)

  var version: UInt32 = supported
  var identity: SpoolID
  /// Every sequence below was given to a record that was durable, or is given up by `start` of another.
  var base: UInt64
  /// The first sequence that a new record here may get; those from `base` on are not used.
  var start: UInt64
  var created: WallTime

  /// What the bytes say.
  enum Reading: Hashable {
    case header(SegmentHeader)
    /// Nothing was written, or it did not reach the disk.
    case blank
    case newer(version: UInt32)
    case damaged
  }

  static func read(_ bytes: [UInt8]) -> Reading {
    if bytes.prefix(size).allSatisfy({ $0 == 0 }) { return .blank }
    guard bytes.count >= size, bytes.starts(with: magic), let version: UInt32 = bytes.integer(at: 8),
      bytes.integer(at: 56) == Hash.hash64(bytes.span.extracting(0..<56))
    else { return .damaged }
    if version > supported { return .newer(version: version) }
    return version == supported ? SegmentHeader(fields: bytes).map { .header($0) } ?? .damaged : .damaged
  }

  private init?(fields bytes: [UInt8]) {
    guard let high: UInt64 = bytes.integer(at: 16), let low: UInt64 = bytes.integer(at: 24),
      let base: UInt64 = bytes.integer(at: 32), let start: UInt64 = bytes.integer(at: 40),
      let created: Int64 = bytes.integer(at: 48), RecordHead.sequences.contains(base),
      RecordHead.sequences.contains(start)
    else { return nil }
    self.init(
      identity: SpoolID(high: high, low: low), base: base, start: start,
      created: WallTime(microseconds: created))
  }

  init(identity: SpoolID, base: UInt64, start: UInt64, created: WallTime) {
    self.identity = identity
    self.base = base
    self.start = start
    self.created = created
  }

  var bytes: [UInt8] {
    var writer = ByteWriter(capacity: Self.size)
    writer.put(Self.magic)
    writer.put(version)
    writer.put(UInt32(Self.size))
    writer.put(identity.high)
    writer.put(identity.low)
    writer.put(base)
    writer.put(start)
    writer.put(created.microseconds)
    writer.put(Hash.hash64(writer.bytes))
    return writer.bytes
  }
}
