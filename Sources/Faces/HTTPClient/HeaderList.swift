internal import CCurl

/// The header fields of a request as libcurl's list; owns it.
@safe final class HeaderList {
  private(set) var list: UnsafeMutablePointer<curl_slist>?

  /// Checks the request and copies its fields: a line break in one would forge another.
  init(_ request: HTTPRequest) throws(HTTPClientError) {
    try Self.checkTarget(request)
    // libcurl would wait for "100 Continue" before larger bodies.
    try append("Expect:", request)
    for (name, value) in request.headers {
      guard !name.isEmpty, name.utf8.allSatisfy(Self.isToken), !value.utf8.contains(where: Self.isControl)
      else {
        throw HTTPClientError(
          .invalidRequest, request.place, "a header field holds a character that does not belong")
      }
      // Without a value libcurl wants a semicolon, or it would take the field out.
      try append(value.isEmpty ? "\(name);" : "\(name): \(value)", request)
    }
  }

  private static func checkTarget(_ request: HTTPRequest) throws(HTTPClientError) {
    let isPrintable = !request.url.utf8.contains { $0 <= 0x20 || $0 == 0x7F }
    guard isPrintable, !request.method.isEmpty, request.method.utf8.allSatisfy(isToken) else {
      throw HTTPClientError(
        .invalidRequest, request.place, "its method or URL holds a character that does not belong")
    }
    guard ["http://", "https://"].contains(where: request.url.lowercased().hasPrefix) else {
      throw HTTPClientError(.invalidRequest, request.place, "only http and https are spoken")
    }
  }

  deinit {
    unsafe curl_slist_free_all(list)
  }

  private func append(_ line: String, _ request: HTTPRequest) throws(HTTPClientError) {
    guard let longer = unsafe curl_slist_append(list, line) else {
      throw HTTPClientError(.library, request.place, "out of memory")
    }
    unsafe list = unsafe longer
  }

  private static func isToken(_ byte: UInt8) -> Bool {
    switch UnicodeScalar(byte) {
    case "a"..."z", "A"..."Z", "0"..."9": true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  private static func isControl(_ byte: UInt8) -> Bool { byte != 0x09 && (byte < 0x20 || byte == 0x7F) }
}
