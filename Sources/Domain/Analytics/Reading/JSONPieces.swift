/// Looks into JSON that was found sound when it was taken in: members of an object, elements of a list.
///
/// Only rare events need it (health, validation, rollback, escalation, circuits). Whatever the bytes
/// are, it ends and stays within them; of what is not JSON it makes little or nothing.
enum JSONPieces {
  /// The most members or elements that are looked at.
  private static let most = 256

  /// The value of a member of the object in `range`.
  static func member(_ name: String, of bytes: [UInt8], _ range: Range<Int>) -> Range<Int>? {
    var found: Range<Int>?
    walk(bytes, range, open: UInt8(ascii: "{")) { reader in
      guard let key = reader.string(), reader.skip(UInt8(ascii: ":")), let value = reader.value() else {
        return false
      }
      if JSONText.unescaped(bytes, key).elementsEqual(name.utf8) { found = value }
      return found == nil
    }
    return found
  }

  /// The elements of the list in `range`.
  static func elements(of bytes: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
    var found: [Range<Int>] = []
    walk(bytes, range, open: UInt8(ascii: "[")) { reader in
      guard let value = reader.value() else { return false }
      found.append(value)
      return found.count < most
    }
    return found
  }

  /// The number a member holds.
  static func number(_ name: String, of bytes: [UInt8], _ range: Range<Int>) -> Double? {
    member(name, of: bytes, range).flatMap { NumberText.value(of: bytes, JSONText.inside(bytes, $0)) }
  }

  /// The text a member holds, if it is a string.
  static func text(_ name: String, of bytes: [UInt8], _ range: Range<Int>) -> [UInt8]? {
    guard let value = member(name, of: bytes, range), JSONText.isString(bytes, value) else { return nil }
    return JSONText.unescaped(bytes, JSONText.inside(bytes, value))
  }

  /// The truth a member holds.
  static func truth(_ name: String, of bytes: [UInt8], _ range: Range<Int>) -> Bool? {
    guard let value = member(name, of: bytes, range), let first = bytes[value].first else { return nil }
    return first == UInt8(ascii: "t") ? true : first == UInt8(ascii: "f") ? false : nil
  }

  private static func walk(
    _ bytes: [UInt8], _ range: Range<Int>, open: UInt8, _ visit: (inout JSONReader) -> Bool
  ) {
    var reader = JSONReader(bytes, range)
    guard reader.skip(open) else { return }
    while visit(&reader), reader.skip(UInt8(ascii: ",")) {}
  }
}
