import Bytes

/// Where the value of one fact stands, in half the room that a range takes.
public struct FactPlace: Sendable {
  /// Where it begins, counted from the start of the bytes.
  public var start: UInt32
  /// How long it is.
  public var count: UInt32

  @usableFromInline init(start: UInt32, count: UInt32) {
    self.start = start
    self.count = count
  }

  /// A value's place.
  @inlinable
  public init(_ range: Range<Int> = 0..<0) {
    start = UInt32(truncatingIfNeeded: range.lowerBound)
    count = UInt32(truncatingIfNeeded: range.count)
  }

  /// Whether the value is empty.
  @inlinable public var isEmpty: Bool { count == 0 }
  /// The same as a range.
  @inlinable public var range: Range<Int> { Int(start)..<(Int(start) + Int(count)) }
}

/// Where the facts of an event stand, by the facts' numbers: one table serves many events, one after another.
///
/// An array on the heap, because whoever reads an inline array by subscript copies all of it.
public struct FactPlaces: Sendable {
  /// A bit for each fact that is there, by its number; what stands behind other bits is never read.
  @usableFromInline var present: (UInt64, UInt64) = (0, 0)
  @usableFromInline var places = Array(repeating: FactPlace(), count: 128)

  /// A table of no facts.
  public init() {}

  /// Forgets all facts.
  public mutating func clear() { present = (0, 0) }

  /// Whether the fact is there.
  @inlinable
  @inline(__always)
  public func has(_ id: FactID) -> Bool {
    let number = UInt64(id.rawValue) & 127
    return number < 64 ? present.0 >> number & 1 == 1 : present.1 >> (number - 64) & 1 == 1
  }

  /// Where the fact's value stands; nil where it is not there, or is an empty text.
  @inlinable
  @inline(__always)
  public subscript(id: FactID) -> FactPlace? {
    guard has(id) else { return nil }
    let place = places[Int(id.rawValue) & 127]
    return place.isEmpty ? nil : place
  }

  /// Notes a fact.
  public mutating func put(_ id: FactID, _ range: Range<Int>) {
    let number = Int(id.rawValue & 127)
    if number < 64 { present.0 |= 1 << UInt64(number) } else { present.1 |= 1 << UInt64(number - 64) }
    places[number] = FactPlace(range)
  }

  /// Notes all facts of a frame; damaged ones are passed over.
  public mutating func read(_ frame: EventFrame) {
    let bytes = frame.bytes
    let start = frame.bodyRange.lowerBound
    let room = frame.range.upperBound - start
    let size = EventFrame.factSize(frame.isWide)
    var present = present
    var places = places.mutableSpan
    for at in stride(from: start - frame.count * size, to: start, by: size) {
      guard let (id, offset, length) = Self.fact(bytes, at, isWide: frame.isWide), offset + length <= room
      else {
        continue
      }
      let number = Int(id & 127)
      if number < 64 { present.0 |= 1 << UInt64(number) } else { present.1 |= 1 << UInt64(number - 64) }
      places[number] = FactPlace(
        start: UInt32(truncatingIfNeeded: start + offset), count: UInt32(truncatingIfNeeded: length))
    }
    self.present = present
  }

  /// A fact's number, and the offset and the length of its value.
  @inline(__always)
  private static func fact(_ bytes: [UInt8], _ at: Int, isWide: Bool) -> (UInt8, Int, Int)? {
    guard let head: UInt32 = bytes.integer(at: at) else { return nil }
    let id = UInt8(truncatingIfNeeded: head)
    if isWide {
      guard let place: UInt64 = bytes.integer(at: at + 2) else { return nil }
      return (id, Int(place & 0xffff_ffff), Int(place >> 32))
    }
    guard let length: UInt16 = bytes.integer(at: at + 4) else { return nil }
    return (id, Int(head >> 16), Int(length))
  }
}
