/// Outside text made fit for a terminal.
public enum Printable {
  /// In quotes, short, control characters replaced.
  public static func quote(_ text: String) -> String { "\"\(plain(text, limit: 80))\"" }

  /// Without quotes.
  public static func plain(_ text: String, limit: Int = 256) -> String {
    let scalars = text.unicodeScalars
    let safe = scalars.prefix(limit).map { scalar -> Unicode.Scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: "?"
      default: scalar
      }
    }
    return String(String.UnicodeScalarView(safe)) + (scalars.count > limit ? "…" : "")
  }
}
