import Model

/// Moments as events write them: RFC 3339, or a number of seconds (of milliseconds from 1e11 on).
enum MomentText {
  /// Microseconds since 1970, or nil where it is no moment.
  static func microseconds(of bytes: [UInt8], _ range: Range<Int>) -> Int64? {
    guard range.upperBound <= bytes.count, !range.isEmpty else { return nil }
    if let moment = Timestamp(rfc3339: bytes[range]) { return moment.microseconds }
    guard let number = NumberText.value(of: bytes, range) else { return nil }
    let scaled = number.magnitude >= 1e11 ? number * 1e3 : number * 1e6
    guard scaled.magnitude < 2.6e17 else { return nil }
    return Int64(scaled.rounded())
  }
}
