import CZlib

/// zlib's state while it unpacks gzip.
///
/// It lies on the heap, because zlib keeps a pointer to it and it must not move.
@safe
struct InflateStream: ~Copyable {
  private static let gzipWindow: Int32 = 15 + 16

  private let stream: UnsafeMutablePointer<z_stream>

  init() throws(GzipFault) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    // On failure zlib holds nothing, and ending such a stream does nothing.
    guard unsafe inflateInit2_(stream, Self.gzipWindow, ZLIB_VERSION, size) == Z_OK else {
      throw .outOfMemory
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Begins the next member.
  func reset() throws(GzipFault) {
    guard unsafe inflateReset(stream) == Z_OK else { throw .damaged }
  }

  /// Unpacks `packed` from `consumed` on into `output` from `filled` on, as far as both reach; returns zlib's word.
  func step(
    over packed: [UInt8], _ consumed: inout Int, into output: inout [UInt8], _ filled: inout Int
  ) -> Int32 {
    var status = Z_OK
    unsafe packed.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        let input = source.count - consumed
        let room = target.count - filled
        // zlib never writes to its input; the type only says so with a macro of its own.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
          mutating: source.baseAddress?.advanced(by: consumed))
        unsafe stream.pointee.avail_in = UInt32(clamping: input)
        unsafe stream.pointee.next_out = target.baseAddress?.advanced(by: filled)
        unsafe stream.pointee.avail_out = UInt32(clamping: room)
        let offered = unsafe (stream.pointee.avail_in, stream.pointee.avail_out)
        status = unsafe inflate(stream, Z_NO_FLUSH)
        consumed += unsafe Int(offered.0 - stream.pointee.avail_in)
        filled += unsafe Int(offered.1 - stream.pointee.avail_out)
      }
    }
    return status
  }
}
