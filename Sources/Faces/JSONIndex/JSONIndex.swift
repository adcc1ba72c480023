// The first stage of simdjson: where in a text each JSON token begins.
//
// One pass with vector instructions checks that the text is UTF-8, that every string is closed and
// free of control characters, and notes the position of each bracket, colon and comma outside
// strings, of each opening quote, and of the first byte of each other run (number or word). What the
// tokens mean, and whether their order is JSON, is for the reader of the index to say.
import CSimdjson

/// A reusable index over JSON text: the position of every token.
///
/// Sendable because it cannot be copied and building takes exclusive access: whoever holds it is alone with it.
@safe
public struct JSONIndex: ~Copyable, @unchecked Sendable {
  /// The longest text that can be indexed at once.
  public static let longestText = 1 << 20

  private let handle: OpaquePointer?

  /// An empty index; it takes its memory with the first text.
  public init() {
    unsafe handle = hd_json_index_create()
  }

  deinit {
    if let handle = unsafe handle { unsafe hd_json_index_destroy(handle) }
  }

  /// Notes where the tokens of `text` begin, and says why it could not.
  public mutating func build(over text: Span<UInt8>) -> JSONIndexFault? {
    guard let handle = unsafe handle else { return .outOfMemory }
    guard text.count <= Self.longestText else { return .tooLong }
    guard !text.isEmpty else { return .noTokens }
    return unsafe text.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return .noTokens }
      return unsafe JSONIndexFault(code: hd_json_index_build(handle, start, bytes.count))
    }
  }

  /// Lends the positions of the last text that was indexed without fault, in ascending order and
  /// followed by the length of that text.
  public func withPositions<Answer, Failure: Error>(
    _ body: (Span<UInt32>) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    guard let handle = unsafe handle else { return try body(Span()) }
    let positions = unsafe UnsafeBufferPointer(
      start: hd_json_index_positions(handle), count: hd_json_index_count(handle) + 1)
    return try body(unsafe positions.span)
  }
}
