/// Randomness that nobody can guess, as an argument.
public enum Entropy {
  /// 64 bits from the system.
  public static let system: @Sendable () -> UInt64 = {
    var random = SystemRandomNumberGenerator()
    return random.next()
  }
}
