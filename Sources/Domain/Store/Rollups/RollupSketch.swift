// Where observations lie, in the buckets of `FinePlace`: so quantiles have a relative error below 1 %, whatever is
// merged. Counts have a sign, because what a record added is taken back when the record is corrected; of all rows of
// a time together every count is 0 or more.
//
// The coding can be put end to end: the number of entries, then each: how much higher its place is than the last, and
// its count (zigzag); all in groups of seven bits, the lowest first, the last without the highest bit.
import Analytics
import Bytes

/// Counts by place, ascending, none of them 0.
struct RollupSketch: Equatable, Sendable {
  /// A place and how much lies there.
  struct Entry: Equatable, Sendable {
    var place: Int
    var count: Int64
  }

  private(set) var entries: [Entry] = []

  /// The number of observations.
  var count: Int64 { entries.reduce(0) { $0 &+ $1.count } }

  /// A sketch of nothing.
  init() {}

  /// A sketch of observations, each its place twice, plus 1 where it is taken back.
  init(_ observations: [Int32]) {
    for observation in observations.sorted() {
      let place = Int(observation >> 1)
      let step: Int64 = observation & 1 == 0 ? 1 : -1
      if let last = entries.last, last.place == place {
        entries[entries.count - 1].count &+= step
      } else {
        entries.append(Entry(place: place, count: step))
      }
    }
    entries.removeAll { $0.count == 0 }
  }

  /// How an observation stands in a list of them.
  @inline(__always)
  static func observation(of value: Double, isTakenBack: Bool) -> Int32 {
    Int32(truncatingIfNeeded: FinePlace.place(of: value)) << 1 | (isTakenBack ? 1 : 0)
  }

  /// Adds the counts of another.
  mutating func add(_ other: Self) {
    if other.entries.isEmpty { return }
    if entries.isEmpty {
      entries = other.entries
      return
    }
    var merged: [Entry] = []
    merged.reserveCapacity(entries.count + other.entries.count)
    var (left, right) = (0, 0)
    while left < entries.count || right < other.entries.count {
      let mine = left < entries.count ? entries[left].place : .max
      let theirs = right < other.entries.count ? other.entries[right].place : .max
      var entry = Entry(place: min(mine, theirs), count: 0)
      if mine <= theirs {
        entry.count &+= entries[left].count
        left += 1
      }
      if theirs <= mine {
        entry.count &+= other.entries[right].count
        right += 1
      }
      if entry.count != 0 { merged.append(entry) }
    }
    entries = merged
  }

  /// The value that a share of all observations does not exceed; nil of none.
  func quantile(_ share: Double) -> Double? {
    let count = count
    guard count > 0 else { return nil }
    let rank = max(1, Int64((min(max(share, 0), 1) * Double(count)).rounded(.up)))
    var seen: Int64 = 0
    for entry in entries {
      seen &+= entry.count
      if seen >= rank { return FinePlace.value(at: entry.place) }
    }
    return nil
  }
}

// MARK: coding

extension RollupSketch {
  /// As bytes; nil of nothing.
  var coded: [UInt8]? {
    if entries.isEmpty { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(2 + entries.count * 3)
    bytes.append(varint: UInt64(entries.count))
    var last = 0
    for entry in entries {
      bytes.append(varint: UInt64(entry.place - last))
      bytes.append(varint: UInt64(bitPattern: entry.count << 1 ^ entry.count >> 63))
      last = entry.place
    }
    return bytes
  }

  /// Everything in sketches that stand end to end, of which each bucket was counted where it belongs; what is
  /// damaged ends the reading.
  init(coded bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    Self.read(&reader) { entries.append($0) }
    // Most stand alone, and are in order as they are.
    if reader.isAtEnd { return }
    var counts: [Int64] = []
    func add(_ entry: Entry) {
      if entry.place >= counts.count {
        counts.append(contentsOf: repeatElement(0, count: entry.place + 64 - counts.count))
      }
      counts[entry.place] &+= entry.count
    }
    entries.forEach(add)
    while !reader.isAtEnd { Self.read(&reader, add) }
    entries = counts.enumerated().compactMap { $1 != 0 ? Entry(place: $0, count: $1) : nil }
  }

  /// Reads one sketch; at what is damaged it stops.
  private static func read(_ reader: inout ByteReader, _ take: (Entry) -> Void) {
    guard let size = reader.varint() else { return }
    var place = 0
    for _ in 0..<min(size, UInt64(FinePlace.count)) {
      guard let step = reader.varint(), let code = reader.varint(), step < UInt64(FinePlace.count) else {
        return
      }
      place += Int(step)
      guard place < FinePlace.count else { return }
      let count = Int64(bitPattern: code >> 1) ^ -Int64(bitPattern: code & 1)
      if count != 0 { take(Entry(place: place, count: count)) }
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }
}

extension ByteReader {
  fileprivate mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      guard let byte = integer(UInt8.self) else { return nil }
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    return nil
  }
}
