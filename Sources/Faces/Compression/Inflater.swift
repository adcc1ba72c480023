import CZlib

/// Unpacks one body, member by member, into an output that grows as it fills.
struct Inflater: ~Copyable {
  private static let firstRoom = 64 << 10

  private let stream: InflateStream
  private let limit: Int
  private var output: [UInt8] = []
  private var filled = 0
  private var consumed = 0

  init(limit: Int) throws(GzipFault) {
    self.limit = max(0, limit)
    stream = try InflateStream()
  }

  consuming func run(over packed: [UInt8]) throws(GzipFault) -> [UInt8] {
    while true {
      try unpackMember(of: packed)
      guard consumed < packed.count else { break }
      guard packed[consumed] == 0x1f, consumed + 1 == packed.count || packed[consumed + 1] == 0x8b else {
        throw .trailingBytes
      }
      try stream.reset()
    }
    output.removeLast(output.count - filled)
    return output
  }

  private mutating func unpackMember(of packed: [UInt8]) throws(GzipFault) {
    while true {
      if filled == output.count { grow(packed: packed.count) }
      let status = stream.step(over: packed, &consumed, into: &output, &filled)
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

  /// Makes room: doubled each time, and never for more than one byte above the limit.
  private mutating func grow(packed: Int) {
    let guess = packed > limit / 4 ? limit : packed * 4
    let size = min(max(Self.firstRoom, guess, output.count * 2), limit + 1)
    output += [UInt8](repeating: 0, count: max(0, size - output.count))
  }
}
