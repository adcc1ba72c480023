/// Encodings other than plain UTF-8, told by the first bytes of a body.
enum TextEncoding {
  /// UTF-8 behind a byte order mark.
  case markedUTF8
  /// UTF-16 or UTF-32, with or without a mark.
  case wide

  /// Nil where nothing speaks against plain UTF-8.
  init?(_ text: Span<UInt8>) {
    func byte(_ position: Int) -> UInt8 { position < text.count ? text[position] : Byte.space }
    switch (byte(0), byte(1), byte(2)) {
    case (0xef, 0xbb, 0xbf): self = .markedUTF8
    case (0xfe, 0xff, _), (0xff, 0xfe, _), (0, _, _), (_, 0, _): self = .wide
    default: return nil
    }
  }

  var message: String {
    switch self {
    case .markedUTF8: "a byte order mark stands before the text; send UTF-8 without one"
    case .wide: "this is not UTF-8 but looks like UTF-16 or UTF-32; send UTF-8"
    }
  }
}
