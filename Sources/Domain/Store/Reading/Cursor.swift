// A cursor says where a page ended: the moment and the key of its last entry, never a count, so that what
// comes in meanwhile moves nothing. It is handed out as URL-safe base64 of
//
//   1  form, 1      1  what list it belongs to, in which order      8  moment, µs since 1970
//   …  the key
import Bytes
import Model

struct Cursor: Equatable, Sendable {
  /// The lists that have cursors.
  enum List: UInt8, Sendable {
    case handoffsDescending = 1
    case handoffsAscending = 2
    case rejections = 3
    case deadLetters = 4
    case open = 5
    case healthReports = 6
    case transitions = 7
    case holding = 8
    case states = 9

    static func handoffs(_ order: HandoffOrder) -> Self {
      order == .descending ? .handoffsDescending : .handoffsAscending
    }
  }

  var list: List
  var moment: Timestamp
  var key: String

  init(_ list: List, _ moment: Timestamp, _ key: String) {
    self.list = list
    self.moment = moment
    self.key = key
  }

  /// Reads what `text` gave out; nil for anything else.
  init?(_ text: String) {
    guard text.utf8.count <= 1_024, let bytes = Base64URL.decode(text.utf8), bytes.count >= 10, bytes[0] == 1,
      let list = List(rawValue: bytes[1]), let moment: Int64 = bytes.integer(at: 2),
      let key = String(validating: bytes[10...], as: UTF8.self), !key.utf8.contains(0)
    else { return nil }
    let timestamp = Timestamp(microseconds: moment)
    guard timestamp >= .earliest, timestamp <= .latest else { return nil }
    self.init(list, timestamp, key)
  }

  /// The cursor as it is handed out.
  var text: String {
    var output = ByteWriter()
    output.put(UInt8(1))
    output.put(list.rawValue)
    output.put(moment.microseconds)
    output.put(utf8: key)
    return Base64URL.encode(output.bytes)
  }
}

/// Base64 with `-` and `_`, and without padding.
enum Base64URL {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    var pool: UInt32 = 0
    var bits = 0
    for byte in bytes {
      pool = pool << 8 | UInt32(byte)
      bits += 8
      while bits >= 6 {
        bits -= 6
        text.append(letters[Int(pool >> UInt32(bits) & 63)])
      }
    }
    if bits > 0 { text.append(letters[Int(pool << UInt32(6 - bits) & 63)]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes; nil where there is another letter, or more bits than bytes need that are not zero.
  static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var pool: UInt32 = 0
    var bits = 0
    for letter in text {
      guard let value = value(of: letter) else { return nil }
      pool = pool << 6 | value
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: pool >> UInt32(bits)))
      }
    }
    return bits < 6 && pool & ((1 << UInt32(bits)) - 1) == 0 ? bytes : nil
  }

  private static func value(of letter: UInt8) -> UInt32? {
    switch letter {
    case 65...90: UInt32(letter) - 65
    case 97...122: UInt32(letter) - 71
    case 48...57: UInt32(letter) + 4
    case 45: 62
    case 95: 63
    default: nil
    }
  }
}
