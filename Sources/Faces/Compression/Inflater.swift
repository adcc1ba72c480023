import CZlib

/// Unpacks one body, member by member, into an output that grows as it fills.
///
/// The stream lies on the heap, because zlib keeps a pointer to it and it must not move.
@safe
struct Inflater: ~Copyable {
  private static let gzipWindow: Int32 = 15 + 16
  private static let firstRoom = 64 << 10

  private let stream: UnsafeMutablePointer<z_stream>
  private let limit: Int
  private var output: [UInt8] = []
  private var filled = 0
  private var consumed = 0

  init(limit: Int) throws(GzipFault) {
    self.limit = max(0, limit)
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

  consuming func run(over packed: [UInt8]) throws(GzipFault) -> [UInt8] {
    while true {
      try unpackMember(of: packed)
      guard consumed < packed.count else { break }
      guard packed[consumed] == 0x1f, consumed + 1 == packed.count || packed[consumed + 1] == 0x8b else {
        throw .trailingBytes
      }
      guard unsafe inflateReset(stream) == Z_OK else { throw .damaged }
    }
    output.removeLast(output.count - filled)
    return output
  }

  private mutating func unpackMember(of packed: [UInt8]) throws(GzipFault) {
    while true {
      if filled == output.count { grow(packed: packed.count) }
      let status = step(over: packed)
      guard filled <= limit else { throw .tooLarge(limit: limit) }
      switch status {
      case Z_STREAM_END: return
      case Z_OK, Z_BUF_ERROR: break
      case Z_MEM_ERROR: throw .outOfMemory
      default: throw .damaged
      }
      if consumed == packed.count, filled < output.count { throw .truncated }
    }
  }

  private mutating func step(over packed: [UInt8]) -> Int32 {
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

  /// Makes room: doubled each time, and never for more than one byte above the limit.
  private mutating func grow(packed: Int) {
    let guess = packed > limit / 4 ? limit : packed * 4
    let size = min(max(Self.firstRoom, guess, output.count * 2), limit + 1)
    output += [UInt8](repeating: 0, count: max(0, size - output.count))
  }
}
