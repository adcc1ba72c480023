/// Outside text made fit for a terminal.
public enum Printable {
  /// In quotes, short, control characters replaced.
  public static func quote(_ text: String) -> String { "\"\(plain(text, limit: 80))\"" }

  /// All of it, with what would act on a terminal, or turn its text around, as `\u{1B}`.
  public static func escaped(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
      if acts(scalar) {
        safe += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }

  /// Whether a terminal would do something else than show it.
  public static func acts(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// Without quotes.
  public static func plain(_ text: String, limit: Int = 256) -> String {
    let scalars = text.unicodeScalars
    let safe = scalars.prefix(limit).map { scalar -> Unicode.Scalar in
      acts(scalar) ? "?" : scalar
    }
    return String(String.UnicodeScalarView(safe)) + (scalars.count > limit ? "…" : "")
  }
}
