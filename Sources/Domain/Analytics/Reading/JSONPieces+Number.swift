import Bytes

extension JSONPieces {
  /// The number a member holds.
  static func number(_ name: String, of bytes: [UInt8], _ range: Range<Int>) -> Double? {
    member(name, of: bytes, range).flatMap { NumberText.value(of: bytes, JSONText.inside(bytes, $0)) }
  }
}
