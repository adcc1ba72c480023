import CMicrohttpd

/// Handing an answer to the library.
enum LibraryResponse {
  /// Queues `response` on `handle`, in one of its callbacks; false when there is no memory for it.
  ///
  /// The body is copied: one pass over it, against a callback and a reference held until it is sent.
  static func queue(_ response: Response, isLast: Bool, on connection: Connection) -> Bool {
    let handle = unsafe connection.handle
    guard let made = unsafe create(response, connection) else { return false }
    defer { unsafe MHD_destroy_response(made) }
    unsafe addFields(of: response, to: made, isLast: isLast)
    return unsafe MHD_queue_response(handle, UInt32(clamping: response.status), made) == hd_mhd_yes
  }

  private static func create(_ response: Response, _ connection: Connection) -> OpaquePointer? {
    if let stream = response.stream { return unsafe StreamReading.response(stream, connection) }
    return unsafe response.body.withUnsafeBytes { bytes in
      unsafe MHD_create_response_from_buffer(
        bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), hd_mhd_copy)
    }
  }

  private static func addFields(of response: Response, to made: OpaquePointer, isLast: Bool) {
    if !response.contentType.isEmpty {
      _ = unsafe MHD_add_response_header(made, text("Content-Type"), response.contentType)
    }
    unsafe add("X-Content-Type-Options", "nosniff", to: made)
    unsafe add("Cache-Control", "no-store", to: made)
    if isLast { unsafe add("Connection", "close", to: made) }
    for (name, value) in response.headers {
      // The library refuses a value that would break the line; the answer then goes without it.
      _ = unsafe MHD_add_response_header(made, name, value)
    }
  }

  private static func add(_ name: StaticString, _ value: StaticString, to made: OpaquePointer) {
    _ = unsafe MHD_add_response_header(made, text(name), text(value))
  }

  /// Because: a literal is NUL-terminated and lives as long as the program.
  private static func text(_ literal: StaticString) -> UnsafePointer<CChar> {
    unsafe UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
