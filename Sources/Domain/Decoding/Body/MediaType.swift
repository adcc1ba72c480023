/// The kinds of body that are read.
enum MediaType: Equatable {
  /// One JSON text: an event or an array of events.
  case json
  /// An event a line.
  case lines

  /// The kind a `Content-Type` names; nil where it is none that is read.
  init?(_ header: String?) {
    guard let header else { return nil }
    // Byte by byte: to take a text apart by characters costs as much as to decode an event.
    let parts = header.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      .map(Self.trimmed)
    switch parts.first {
    case "application/json": self = .json
    case "application/x-ndjson", "application/ndjson": self = .lines
    default: return nil
    }
    for parameter in parts.dropFirst() where parameter.hasPrefix("charset=") {
      let charset = parameter.dropFirst("charset=".count).filter { $0 != "\"" }
      guard charset == "utf-8" || charset == "utf8" || charset == "us-ascii" else { return nil }
    }
  }

  /// Without the blanks around it, in small letters.
  private static func trimmed(_ part: Substring.UTF8View) -> String {
    guard let end = part.lastIndex(where: { !isBlank($0) }) else { return "" }
    let bytes = part[...end].drop(while: isBlank)
    return String(decoding: bytes.map { 65...90 ~= $0 ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == Byte.space || byte == UInt8(ascii: "\t") }
}

/// How a body is packed.
enum ContentEncoding {
  case identity
  case gzip

  /// The packing a `Content-Encoding` names; nil where it is none that is read.
  init?(_ header: String?) {
    switch header?.lowercased().filter({ $0 != " " && $0 != "\t" }) {
    case nil, "", "identity": self = .identity
    case "gzip", "x-gzip": self = .gzip
    default: return nil
    }
  }
}
