/// The text exposition format 0.0.4.
public struct TextFormat: Sendable {
  /// The media type to answer with.
  public static let contentType = Format.text.contentType

  /// The families, in their order, as one page.
  public static func page(_ families: [Family]) -> [UInt8] {
    PageWriter.page(families, .text)
  }
}

/// The name under which histograms were known first.
public typealias Buckets = Histogram
