/// How a page is to be sent: the format, the escaping of names, and whether compressed.
///
/// A scraper is never turned away: what nobody understands is answered in the text format, as it is.
public struct Negotiation: Hashable, Sendable {
  /// The schemes by which names could be escaped; ours never need it, so that all write the same page.
  public enum NameEscaping: String, CaseIterable, Sendable {
    case allowUTF8 = "allow-utf-8"
    case underscores
    case dots
    case values
  }

  /// The format of the page.
  public var format = Format.text
  /// The escaping the scraper asked for, to be named in the answer.
  public var escaping: NameEscaping?
  /// Whether the page is to be sent with gzip.
  public var isCompressed = false

  /// The request headers that the answer depends on, for `Vary`.
  public static let vary = "Accept, Accept-Encoding"

  /// The media type of the answer.
  public var contentType: String {
    guard let escaping else { return format.contentType }
    return "\(format.contentType); escaping=\(escaping.rawValue)"
  }

  /// Reads the request's `Accept` and `Accept-Encoding`; several headers of a name are joined by commas.
  public init(accept: String?, acceptEncoding: String? = nil) {
    isCompressed = acceptEncoding.map(Self.prefersCompression) ?? false
    for item in AcceptList(accept ?? "").items where item.quality > 0 {
      guard let format = Self.format(item) else { continue }
      self.format = format
      escaping =
        item.parameters.compactMap { $0.name == "escaping" ? NameEscaping(rawValue: $0.value) : nil }
        .last
      return
    }
  }

  /// The format that an item of `Accept` asks for, if we have it.
  private static func format(_ item: AcceptList.Item) -> Format? {
    switch item.value {
    case "application/openmetrics-text":
      isVersion(item, "1.0.0") ? .openMetrics : nil
    case "application/vnd.google.protobuf":
      item["proto"] == "io.prometheus.client.MetricFamily" && item["encoding"] == "delimited"
        ? .protobuf : nil
    case "text/plain": isVersion(item, "0.0.4") ? .text : nil
    case "text/*", "*/*", "*": .text
    default: nil
    }
  }

  private static func isVersion(_ item: AcceptList.Item, _ version: String) -> Bool {
    item["version"].map { $0 == version } ?? true
  }

  /// Whether gzip is accepted, and nothing else is wanted more.
  private static func prefersCompression(_ header: String) -> Bool {
    let items = AcceptList(header).items
    func quality(_ names: Set<String>) -> Int? { items.first { names.contains($0.value) }?.quality }
    let any = quality(["*"])
    let gzip = quality(["gzip", "x-gzip"]) ?? any ?? 0
    return gzip > 0 && gzip >= quality(["identity"]) ?? 0
  }
}
