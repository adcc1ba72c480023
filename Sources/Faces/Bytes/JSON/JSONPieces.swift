/// Looks into JSON without making values of it: members of an object, elements of a list.
///
/// For pieces that are seldom asked for. Whatever the bytes are, it ends and stays within them; of what is not JSON,
/// or cut off, it makes what stands before the fault.
public enum JSONPieces {
  /// The most members or elements that are looked at.
  private static let most = 256

  /// The value of a member of the object in `range`.
  public static func member(_ name: String, of bytes: [UInt8], _ range: Range<Int>) -> Range<Int>? {
    member(anyOf: [name], of: bytes, range)
  }

  /// The value of the first of some members that the object in `range` has: the first by their order here.
  public static func member(
    anyOf names: [String], of bytes: [UInt8], _ range: Range<Int>
  ) -> Range<Int>? {
    var found: Range<Int>?
    var rank = names.count
    walk(bytes, range, open: UInt8(ascii: "{")) { reader in
      guard let key = reader.string(), reader.skip(UInt8(ascii: ":")), let value = reader.value() else {
        return false
      }
      let name = JSONText.unescaped(bytes, key)
      if let place = names[..<rank].firstIndex(where: { name.elementsEqual($0.utf8) }) {
        (found, rank) = (value, place)
      }
      return rank > 0
    }
    return found
  }

  /// The elements of the list in `range`.
  public static func elements(of bytes: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
    var found: [Range<Int>] = []
    walk(bytes, range, open: UInt8(ascii: "[")) { reader in
      guard let value = reader.value() else { return false }
      found.append(value)
      return found.count < most
    }
    return found
  }

  /// The text a member holds, if it is a string.
  public static func text(_ name: String, of bytes: [UInt8], _ range: Range<Int>) -> [UInt8]? {
    guard let value = member(name, of: bytes, range), JSONText.isString(bytes, value) else { return nil }
    return JSONText.unescaped(bytes, JSONText.inside(bytes, value))
  }

  /// The truth a member holds.
  public static func truth(_ name: String, of bytes: [UInt8], _ range: Range<Int>) -> Bool? {
    guard let value = member(name, of: bytes, range), let first = bytes[value].first else { return nil }
    return first == UInt8(ascii: "t") ? true : first == UInt8(ascii: "f") ? false : nil
  }

  private static func walk(
    _ bytes: [UInt8], _ range: Range<Int>, open: UInt8, _ visit: (inout JSONSkimmer) -> Bool
  ) {
    var reader = JSONSkimmer(bytes, range)
    guard reader.skip(open) else { return }
    while visit(&reader), reader.skip(UInt8(ascii: ",")) {}
  }
}
