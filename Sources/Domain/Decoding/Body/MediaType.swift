/// The kinds of body that are read.
enum MediaType: Equatable {
  /// One JSON text: an event or an array of events.
  case json
  /// An event a line.
  case lines

  /// The kind a `Content-Type` names; nil where it is none that is read.
  init?(_ header: String?) {
    guard let header else { return nil }
    // As nearly all write it: to take a text apart by characters costs as much as to decode an event.
    switch header {
    case "application/json":
      self = .json
      return
    case "application/x-ndjson":
      self = .lines
      return
    default: break
    }
    let parts = header.split(separator: ";", omittingEmptySubsequences: false).map { Self.trimmed($0) }
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

  private static func trimmed(_ part: Substring) -> String {
    let end = part.lastIndex { $0 != " " && $0 != "\t" }
    guard let end else { return "" }
    return part[...end].drop { $0 == " " || $0 == "\t" }.lowercased()
  }
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
