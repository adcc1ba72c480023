internal import Glibc

/// A terminal that a person looks at.
public struct Terminal: Hashable, Sendable {
  /// How many columns it has.
  public var columns: Int

  /// Describes one.
  public init(columns: Int) {
    self.columns = columns
  }

  /// The terminal behind a descriptor; nil where there is none.
  ///
  /// One that does not know its size, as a serial line, counts as 80 columns wide.
  public static func of(_ descriptor: Int32) -> Terminal? {
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    let result = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size)
    return Terminal(columns: result == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80)
  }
}
