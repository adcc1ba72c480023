extension Decoder {
  /// Whether bodies of this media type are read.
  public static func reads(contentType: String?) -> Bool { MediaType(contentType) != nil }

  /// Whether bodies packed like this are read.
  public static func reads(contentEncoding: String?) -> Bool { ContentEncoding(contentEncoding) != nil }
}
