/// One observation shown beside its bucket, with the trace or handoff it came from.
///
/// Scrapers are strict about these, and drop or garble what goes beyond: Prometheus 2.42 does not undo
/// escapes, and more than 128 characters of names and values are refused. So an exemplar that would not
/// survive does not come into being.
public struct Exemplar: Equatable, Sendable {
  /// Where the observation came from.
  public let labels: [Label]
  /// What was observed.
  public let value: Double
  /// When, in microseconds since the Unix epoch.
  public let microseconds: Int64?

  /// An exemplar, unless scrapers would not take it as it is.
  public init?(_ labels: [Label], value: Double, microseconds: Int64?) {
    let length = labels.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    guard length <= 128, value.isFinite, (microseconds ?? 0) >= 0 else { return nil }
    guard labels.allSatisfy({ $0.value.utf8.allSatisfy(Self.isPlain) }) else { return nil }
    self.labels = labels
    self.value = value
    self.microseconds = microseconds
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
