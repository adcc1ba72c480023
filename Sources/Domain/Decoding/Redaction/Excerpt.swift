/// Short pieces of what was sent, fit to be shown in an error.
enum Excerpt {
  private static let scanner = SecretScanner()

  /// At most `longest` bytes of a text, without secrets and control characters.
  static func masked(_ text: Span<UInt8>, longest: Int) -> String {
    var output: [UInt8] = []
    // One secret's length beyond what is shown, so that none is shown by half.
    let cut = text.extracting(0..<min(text.count, longest + 512))
    _ = scanner.mask(cut, into: &output)
    var shown = ""
    for scalar in String(decoding: output, as: UTF8.self).unicodeScalars {
      guard shown.utf8.count + 4 <= longest else { return shown + "…" }
      shown.unicodeScalars.append(isPlain(scalar) ? scalar : "\u{fffd}")
    }
    return shown
  }

  /// Neither a control character nor one that changes how the text around it is shown.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }
}
