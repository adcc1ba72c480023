import CMicrohttpd

/// The version of libmicrohttpd that is linked.
enum LibraryVersion {
  /// As the library tells it.
  static let text = unsafe String(cString: MHD_get_version())

  /// Whether the parser is the one up to 0.9.76, which is lenient and works in place.
  ///
  /// The parser that came after it refuses by itself what `HeadLayout` looks for, once it is told to be
  /// strict.
  static let parsesInPlace: Bool = {
    let parts = text.split(separator: ".").map { Int($0) ?? 0 }
    return parts.lexicographicallyPrecedes([0, 9, 77])
  }()
}
