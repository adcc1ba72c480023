/// The identity of an alert: its labels as a number, by the same rule as Alertmanager's.
public struct Fingerprint: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number.
  public var value: UInt64

  /// The fingerprint of that number.
  public init(_ value: UInt64) {
    self.value = value
  }

  /// FNV-1a over the labels in the order of their names, 0xff behind each name and each value.
  public init(_ labels: [String: String]) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for (name, value) in labels.sorted(by: { $0.key < $1.key }) {
      for text in [name, value] {
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        hash = (hash ^ 0xff) &* 0x0000_0100_0000_01b3
      }
    }
    value = hash
  }

  /// The fingerprint that `description` writes; nil for any other text.
  public init?(_ text: String) {
    guard text.utf8.count == 16, let value = UInt64(text, radix: 16) else { return nil }
    self.value = value
  }

  /// Sixteen hexadecimal digits.
  public var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Orders by number.
  public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
