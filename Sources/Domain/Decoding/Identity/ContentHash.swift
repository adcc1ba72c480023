// The content hash: 128 bits that are equal for events that say the same.
//
// A string counts by what it says, a number by its value, an object by the set of its members, an
// array by the row of its elements. White space, order of members, escapes and the spelling of
// numbers make no difference.
//
// Members are added up, so that their order does not matter: a member's share is made of key and
// value by multiplication, in which a change of either changes every bit.
import Hashing

/// The hashes of JSON values.
enum ContentHash {
  static let null = Hash128(low: 0x2d35_8dcc_aa6c_78a5, high: 0x8bb8_4b93_962e_acc9)
  static let yes = Hash128(low: 0x4b33_a62e_d433_d4a3, high: 0x4d5a_2da5_1de1_aa47)
  static let no = Hash128(low: 0xa076_1d64_78bd_642f, high: 0xe703_7ed1_a0b4_28db)

  static func of(_ literal: Literal) -> Hash128 {
    switch literal {
    case .yes: yes
    case .no: no
    case .null: null
    }
  }

  /// The hash of a number's value.
  static func of(_ number: NumberToken, _ text: Span<UInt8>) -> Hash128 {
    guard number.significantDigits > 0 else { return scalar(0, 0, 0) }
    var mantissa = number.mantissa
    var exponent = number.exponent
    guard number.isExact else { return ofLong(number, text) }
    while mantissa % 10 == 0 {
      mantissa /= 10
      exponent += 1
    }
    return scalar(mantissa, UInt64(bitPattern: Int64(exponent)), number.isNegative ? 1 : 0)
  }

  static func of(whole number: UInt64) -> Hash128 {
    guard number > 0 else { return scalar(0, 0, 0) }
    var mantissa = number
    var exponent: UInt64 = 0
    while mantissa % 10 == 0 {
      mantissa /= 10
      exponent += 1
    }
    return scalar(mantissa, exponent, 0)
  }

  /// The hash of a number with more digits than 64 bits hold.
  private static func ofLong(_ number: NumberToken, _ text: Span<UInt8>) -> Hash128 {
    var digits: [UInt8] = []
    for position in number.range {
      let byte = text[position]
      if byte | 0x20 == UInt8(ascii: "e") { break }
      if Byte.isDigit(byte), !digits.isEmpty || byte != Byte.zero { digits.append(byte) }
    }
    while digits.last == Byte.zero { digits.removeLast() }
    let hash = Hash.hash128(digits)
    let scale = UInt64(bitPattern: Int64(number.magnitude))
    return Hash128(
      low: mix(hash.low ^ scale, numberKey ^ (number.isNegative ? 1 : 0)), high: mix(hash.high ^ scale, keyB))
  }

  @inline(__always)
  private static func scalar(_ mantissa: UInt64, _ exponent: UInt64, _ sign: UInt64) -> Hash128 {
    let spread = mix(exponent ^ keyA, sign ^ keyB)
    return Hash128(low: mix(mantissa ^ numberKey, spread), high: mix(mantissa ^ keyC, spread ^ keyD))
  }

  private static let numberKey: UInt64 = 0x5897_89e5_3e2c_31d3
  @inline(__always) fileprivate static var keyA: UInt64 { 0x9e37_79b9_7f4a_7c15 }
  @inline(__always) fileprivate static var keyB: UInt64 { 0x8ebc_6af0_9c88_c6e3 }
  @inline(__always) fileprivate static var keyC: UInt64 { 0x5895_89e5_3e2c_c1d3 }
  @inline(__always) fileprivate static var keyD: UInt64 { 0x1d8e_4e27_c47d_124f }

  @inline(__always)
  fileprivate static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}

/// The hash of an object, member by member in any order.
struct MembersHash {
  private var low: UInt64 = 0
  private var high: UInt64 = 0
  private var count: UInt64 = 0

  @inline(__always)
  mutating func add(_ key: Hash128, _ value: Hash128) {
    low &+= ContentHash.mix(key.low ^ ContentHash.keyA, value.low ^ ContentHash.keyB)
    high &+= ContentHash.mix(key.high ^ ContentHash.keyC, value.high ^ ContentHash.keyD)
    count &+= 1
  }

  var hash: Hash128 {
    Hash128(
      low: ContentHash.mix(low ^ ContentHash.keyD, count ^ ContentHash.keyA),
      high: ContentHash.mix(high ^ ContentHash.keyB, count ^ ContentHash.keyC))
  }
}

/// The hash of an array, element by element.
struct ElementsHash {
  private var low: UInt64 = 0x7d3c_91b5_0ae4_f26d
  private var high: UInt64 = 0xc61a_5f08_d92b_73e4

  @inline(__always)
  mutating func add(_ element: Hash128) {
    low = ContentHash.mix(low ^ element.low, ContentHash.keyA) &+ low
    high = ContentHash.mix(high ^ element.high, ContentHash.keyC) &+ high
  }

  var hash: Hash128 {
    Hash128(low: ContentHash.mix(low, ContentHash.keyD), high: ContentHash.mix(high, ContentHash.keyB))
  }
}
