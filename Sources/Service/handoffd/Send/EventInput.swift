import Compression
import Platform

/// Why input could not be read to its end.
enum UnreadableInput: Error, CustomStringConvertible {
  case system(SystemError)
  case packed(String, GzipFault)

  var description: String {
    switch self {
    case .system(let error): error.description
    case .packed(let name, let fault): "cannot unpack \(name): \(fault)"
    }
  }
}

/// The bytes of a file or of standard input; unpacked, piece by piece, where they begin as gzip does.
final class EventInput {
  private let name: String
  private let source: () throws(SystemError) -> [UInt8]
  private var unpacker: GzipStream?
  /// What was read to see what it is.
  private var first: [UInt8] = []

  /// Reads with `source` until that gives nothing; `name` is for messages.
  init(_ name: String, source: @escaping () throws(SystemError) -> [UInt8]) throws(UnreadableInput) {
    self.name = name
    self.source = source
    while first.count < Gzip.magic.count {
      let more = try next()
      if more.isEmpty { break }
      first += more
    }
    if first.starts(with: Gzip.magic) {
      unpacker = try unpacking { () throws(GzipFault) in try GzipStream() }
    }
  }

  /// Whether it is gzip, so that nobody knows how much there is.
  var isPacked: Bool { unpacker != nil }

  /// The next bytes; none at the end.
  func read() throws(UnreadableInput) -> [UInt8] {
    guard let unpacker else { return try piece() }
    while true {
      let bytes = try unpacking { () throws(GzipFault) in try unpacker.unpack() }
      if !bytes.isEmpty { return bytes }
      let packed = try piece()
      guard !packed.isEmpty else {
        try unpacking { () throws(GzipFault) in try unpacker.finish() }
        return []
      }
      unpacker.feed(packed)
    }
  }

  private func piece() throws(UnreadableInput) -> [UInt8] {
    guard !first.isEmpty else { return try next() }
    defer { first = [] }
    return first
  }

  private func next() throws(UnreadableInput) -> [UInt8] {
    do throws(SystemError) { return try source() } catch { throw .system(error) }
  }

  private func unpacking<Result>(
    _ body: () throws(GzipFault) -> Result
  ) throws(UnreadableInput) -> Result {
    do throws(GzipFault) { return try body() } catch { throw .packed(name, error) }
  }
}
