/// Numbers as JSON writes them, read without making a string of the common ones.
enum NumberText {
  /// The number in a range of bytes, or nil where it is none, or not finite.
  static func value(of bytes: [UInt8], _ range: Range<Int>) -> Double? {
    guard range.upperBound <= bytes.count, !range.isEmpty else { return nil }
    return quick(bytes.span.extracting(range)) ?? exact(bytes[range])
  }

  private static func exact(_ bytes: ArraySlice<UInt8>) -> Double? {
    guard bytes.count <= 400 else { return nil }
    return Double(String(decoding: bytes, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
  }

  /// Up to fifteen digits and a point: whole number and power of ten are exact, and so their quotient.
  private static func quick(_ text: borrowing Span<UInt8>) -> Double? {
    guard text.count <= 17 else { return nil }
    var digits: Int64 = 0
    var seen = 0
    var scale = -1
    var start = 0
    if text[0] == UInt8(ascii: "-") { start = 1 }
    for at in start..<text.count {
      let byte = text[at]
      if byte == UInt8(ascii: "."), scale < 0 {
        scale = 0
        continue
      }
      let digit = byte &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      digits = digits &* 10 &+ Int64(digit)
      seen += 1
      if scale >= 0 { scale += 1 }
    }
    guard seen > 0, seen <= 15 else { return nil }
    let magnitude = scale > 0 ? Double(digits) / powers[scale] : Double(digits)
    return start == 1 ? -magnitude : magnitude
  }

  private static let powers: [Double] = (0...16).map { (0..<$0).reduce(1.0) { product, _ in product * 10 } }
}
