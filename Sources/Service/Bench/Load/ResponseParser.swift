/// Reads answers out of a stream of bytes, one after the other.
struct ResponseParser {
  private var bytes: [UInt8] = []
  private var start = 0

  /// What has come and is not yet an answer.
  var pending: ArraySlice<UInt8> { bytes[start...] }

  mutating func append(_ more: UnsafeRawBufferPointer) {
    if start == bytes.count {
      bytes.removeAll(keepingCapacity: true)
      start = 0
    }
    unsafe bytes.append(contentsOf: more)
  }

  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    start = 0
  }

  /// The next whole answer.
  ///
  /// One without a length has no body here: the server always gives a length.
  mutating func next(isHead: Bool = false) -> (status: Int, head: ArraySlice<UInt8>, body: ArraySlice<UInt8>)?
  {
    guard let headEnd = endOfHead() else { return nil }
    let head = bytes[start..<headEnd]
    let length = isHead ? 0 : Self.contentLength(head)
    guard bytes.count - headEnd >= length else { return nil }
    start = headEnd + length
    return (Self.status(head), head, bytes[headEnd..<start])
  }

  /// The index after the empty line.
  private func endOfHead() -> Int? {
    var index = start + 3
    while index < bytes.count {
      if bytes[index] == 10, bytes[index - 1] == 13, bytes[index - 2] == 10, bytes[index - 3] == 13 {
        return index + 1
      }
      index += 1
    }
    return nil
  }

  private static func status(_ head: ArraySlice<UInt8>) -> Int {
    head.dropFirst(9).prefix(3).reduce(0) { $0 * 10 + Int($1 & 0x0F) }
  }

  private static let name = Array("\ncontent-length:".utf8)

  private static func contentLength(_ head: ArraySlice<UInt8>) -> Int {
    var index = head.startIndex
    while index + name.count < head.endIndex {
      if head[index] == 10,
        head[index..<(index + name.count)].elementsEqual(name, by: { $0 | 0x20 == $1 | 0x20 })
      {
        return number(head[(index + name.count)...])
      }
      index += 1
    }
    return 0
  }

  private static func number(_ text: ArraySlice<UInt8>) -> Int {
    var number = 0
    for byte in text.drop(while: { $0 == 32 }) {
      guard case 48...57 = byte, number < 1 << 40 else { return number }
      number = number * 10 + Int(byte - 48)
    }
    return number
  }
}
