/// The places of a window's sketch: one for zero, then a fine bucket each from 2^-21 to 2^27.
///
/// In seconds that is from half a microsecond to four years; what lies beyond counts at the edge.
public enum FinePlace {
  /// The fine bucket that place 1 stands for.
  private static let lowest = -21 * BucketIndex.perPower + 1
  /// The number of places; one fits 12 bits.
  public static let count = 48 * BucketIndex.perPower + 1

  /// The place of a value.
  public static func place(of value: Double) -> Int {
    guard value > 0 else { return 0 }
    guard value < 0x1p27 else { return count - 1 }
    return max(1, BucketIndex.index(of: max(value, 0x1p-21)) - lowest + 1)
  }

  /// The value to say for all that is counted at a place.
  public static func value(at place: Int) -> Double {
    place == 0 ? 0 : BucketIndex.middle(of: place - 1 + lowest)
  }
}
