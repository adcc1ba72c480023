public import Model

/// One observation that tells where it came from: a trace, or else a handoff.
public struct Exemplar: Sendable {
  /// What the origin's text names.
  public enum Origin: UInt8, Sendable {
    case none
    case trace
    case handoff
  }

  /// The most bytes an origin's text has; what is longer is no exemplar.
  static let longest = 64

  /// What was observed.
  public private(set) var value = 0.0
  /// What the text names; `none` where the bucket has no exemplar.
  public private(set) var origin = Origin.none
  private var length: UInt8 = 0
  private var text = SIMD64<UInt8>()
  /// When it was received, in microseconds since 1970.
  var at = Int64.min / 2

  init() {}

  /// An exemplar, unless scrapers would not take the text as it is.
  init?(_ value: Double, _ origin: Origin, _ bytes: [UInt8], _ range: Range<Int>, at: Int64) {
    guard !range.isEmpty, range.count <= Self.longest, range.upperBound <= bytes.count else {
      return nil
    }
    for (place, index) in range.enumerated() {
      guard Self.isPlain(bytes[index]) else { return nil }
      text[place] = bytes[index]
    }
    self.value = value
    self.origin = origin
    self.at = at
    length = UInt8(range.count)
  }

  /// The id of the trace or of the handoff: letters, digits, points, colons, dashes and underscores.
  public var id: String {
    String(decoding: (0..<Int(length)).map { text[$0] }, as: UTF8.self)
  }

  /// When it was received.
  public var receivedAt: Timestamp { Timestamp(microseconds: at) }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
