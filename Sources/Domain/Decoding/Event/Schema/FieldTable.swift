import Hashing
import JSONIndex
import Model

/// What is known by name: members of each shape, and types of events, which have the shape `any`.
///
/// A name is found by its characters, which are compared as three words; the hash that content needs of it
/// stands in the table. So a member that is known, as most are, is never hashed.
struct FieldTable {
  private struct Slot {
    var name = NameWords.none
    var shape = Shape.any
    var hash = Hash128(low: 0, high: 0)
    var use = FieldUse(rule: .any)
    /// Which of its shape it is.
    var number: UInt64 = 0
    var type = EventType.prepared
  }

  /// The place of a name that is not in the table.
  static let nowhere = -1

  private static let bits: UInt64 = 9
  private static let mask = (1 << Int(bits)) - 1

  private var slots = [Slot](repeating: Slot(), count: 1 << bits)

  init() {
    var counts: [Shape: UInt64] = [:]
    for field in KnownField.all {
      let number = counts[field.shape, default: 0]
      precondition(number < 64, "an object cannot have so many known members")
      counts[field.shape] = number + 1
      insert(field.name, Slot(shape: field.shape, use: field.use, number: number))
    }
    for type in EventType.allCases {
      insert(type.name, Slot(type: type))
    }
  }

  private mutating func insert(_ text: String, _ entry: Slot) {
    let bytes = Array(text.utf8)
    let name = NameWords(bytes.span, 0, bytes.count)
    precondition(!name.isNone, "\(text) is longer than a name that can be known")
    var at = Self.start(name, entry.shape)
    while !slots[at].name.isNone { at = (at + 1) & Self.mask }
    slots[at] = entry
    slots[at].name = name
    slots[at].hash = Hash.hash128(bytes)
  }

  @inline(__always)
  private static func start(_ name: NameWords, _ shape: Shape) -> Int {
    let mixed = (name.first ^ name.middle ^ (name.last << 31 | name.last >> 33)) &+ UInt64(shape.rawValue)
    return Int(truncatingIfNeeded: (mixed &* 0x9e37_79b9_7f4a_7c15) >> (64 - bits))
  }

  /// The place of the name between two positions, if the shape has it.
  @inline(__always)
  func place(of text: Span<UInt8>, _ start: Int, _ end: Int, _ shape: Shape) -> Int {
    let name = NameWords(text, start, end)
    guard !name.isNone else { return Self.nowhere }
    let slots = slots.span
    var at = Self.start(name, shape)
    while !slots[at].name.isNone {
      if slots[at].name == name, slots[at].shape == shape { return at }
      at = (at + 1) & Self.mask
    }
    return Self.nowhere
  }

  /// The hash of the name at a place.
  @inline(__always)
  func hash(at place: Int) -> Hash128 { slots[place].hash }

  /// Which member of its shape the one at a place is.
  @inline(__always)
  func number(at place: Int) -> UInt64 { slots[place].number }

  /// What to do with the member at a place.
  @inline(__always)
  func use(at place: Int) -> FieldUse { slots[place].use }

  /// The type at a place.
  func type(at place: Int) -> EventType { slots[place].type }
}

/// All characters of a short name, as words that may overlap: two names with the same words are the same.
private struct NameWords {
  static let longest = 24
  static let none = NameWords()

  let first: UInt64
  let middle: UInt64
  let last: UInt64
  private let count: Int

  /// Whether this is no name.
  @inline(__always)
  var isNone: Bool { count < 0 }

  private init() {
    first = 0
    middle = 0
    last = 0
    count = -1
  }

  /// The name between two positions; none if it is longer than three words.
  @inline(__always)
  init(_ text: Span<UInt8>, _ start: Int, _ end: Int) {
    let length = end - start
    count = length <= Self.longest ? length : -1
    if length >= 8 {
      first = ByteSearch.word(in: text, at: start)
      middle = length > 16 ? ByteSearch.word(in: text, at: start + 8) : 0
      last = ByteSearch.word(in: text, at: end - 8)
    } else {
      first = Self.short(text, start, length)
      middle = 0
      last = 0
    }
  }

  /// Fewer than eight characters.
  @inline(__always)
  private static func short(_ text: Span<UInt8>, _ start: Int, _ length: Int) -> UInt64 {
    if start <= text.count - 8 {
      return ByteSearch.word(in: text, at: start) & ((1 << UInt64(8 * length)) - 1)
    }
    var word: UInt64 = 0
    for offset in 0..<length { word |= UInt64(text[start + offset]) << UInt64(8 * offset) }
    return word
  }

  @inline(__always)
  static func == (left: Self, right: Self) -> Bool {
    left.first == right.first && left.last == right.last && left.middle == right.middle
      && left.count == right.count
  }
}
