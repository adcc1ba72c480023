import CZlib

/// Unpacks gzip that comes in pieces, a bounded amount at a time; for one lane.
public final class GzipStream {
  private let stream: InflateStream
  private var packed: [UInt8] = []
  private var consumed = 0
  private var isInMember = false
  private var hasBegun = false
  /// Whether there may be more to come out of what went in.
  private var isPending = false

  /// A stream that nothing was fed to.
  public init() throws(GzipFault) {
    stream = try InflateStream()
  }

  /// Takes the next piece, once `unpack` has given nothing any more.
  public func feed(_ piece: [UInt8]) {
    packed = piece
    consumed = 0
  }

  /// The next bytes, at most `limit`; none when another piece must be fed.
  public func unpack(limit: Int = 64 << 10) throws(GzipFault) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: limit)
    var filled = 0
    while filled < limit, isPending || consumed < packed.count {
      if !isInMember { try beginMember() }
      switch stream.step(over: packed, &consumed, into: &output, &filled) {
      case Z_STREAM_END: isInMember = false
      case Z_OK, Z_BUF_ERROR: break
      case Z_MEM_ERROR: throw .outOfMemory
      default: throw .damaged
      }
      isPending = isInMember && filled == limit
    }
    output.removeLast(limit - filled)
    return output
  }

  /// Throws when the end, at which this is called, is none.
  public func finish() throws(GzipFault) {
    if isInMember || !hasBegun { throw .truncated }
  }

  private func beginMember() throws(GzipFault) {
    guard packed[consumed] == Gzip.magic[0] else { throw hasBegun ? .trailingBytes : .notGzip }
    try stream.reset()
    (isInMember, hasBegun) = (true, true)
  }
}
