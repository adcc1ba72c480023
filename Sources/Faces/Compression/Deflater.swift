import CZlib

/// Packs bytes whole.
enum Deflater {
  private static let gzipWindow: Int32 = 15 + 16
  private static let memoryLevel: Int32 = 8

  static func pack(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
    // On the heap, because zlib keeps a pointer to it and it must not move.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    defer { unsafe stream.deallocate() }
    let started = unsafe deflateInit2_(
      stream, level, Z_DEFLATED, gzipWindow, memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard started == Z_OK else { return nil }
    defer { unsafe deflateEnd(stream) }
    let room = unsafe Int(deflateBound(stream, UInt(bytes.count)))
    guard room <= UInt32.max, bytes.count <= UInt32.max else { return nil }
    var isWhole = false
    let packed = unsafe [UInt8](unsafeUninitializedCapacity: room) { target, count in
      unsafe bytes.withUnsafeBufferPointer { source in
        // zlib never writes to its input; the type only says so with a macro of its own.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        unsafe stream.pointee.avail_in = UInt32(source.count)
        unsafe stream.pointee.next_out = target.baseAddress
        unsafe stream.pointee.avail_out = UInt32(room)
        isWhole = unsafe deflate(stream, Z_FINISH) == Z_STREAM_END
      }
      count = unsafe room - Int(stream.pointee.avail_out)
    }
    return isWhole ? packed : nil
  }
}
