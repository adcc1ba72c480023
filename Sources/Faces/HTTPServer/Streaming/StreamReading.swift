import CMicrohttpd

/// A body on its connection, as the library asks for it.
final class StreamReading: Sendable {
  private let stream: BodyStream
  private let connection: Connection

  init(_ stream: BodyStream, _ connection: Connection) {
    self.stream = stream
    self.connection = connection
  }

  /// The library's response, which owns a reading from here on.
  ///
  /// Because: the library gives the context back to each of the two calls, and lets go of it with the second.
  static func response(_ stream: BodyStream, _ connection: Connection) -> OpaquePointer? {
    let reading = unsafe Unmanaged.passRetained(StreamReading(stream, connection))
    let made = unsafe MHD_create_response_from_callback(
      hd_mhd_size_unknown, 64 << 10,
      { context, _, room, size in
        guard let context = unsafe context else { return hd_mhd_stream_error }
        let reading = unsafe Unmanaged<StreamReading>.fromOpaque(context).takeUnretainedValue()
        return unsafe reading.next(UnsafeMutableRawBufferPointer(start: room, count: size))
      }, reading.toOpaque(),
      { context in
        if let context = unsafe context { unsafe Unmanaged<StreamReading>.fromOpaque(context).release() }
      })
    if unsafe made == nil { unsafe reading.release() }
    return unsafe made
  }

  private func next(_ room: UnsafeMutableRawBufferPointer) -> Int {
    switch unsafe stream.take(into: room) {
    case .bytes(let count):
      connection.pieceTaken()
      return count
    case .end: return hd_mhd_stream_end
    case .failure: return hd_mhd_stream_error
    case .nothingYet:
      connection.suspendStream()
      return 0
    }
  }
}
