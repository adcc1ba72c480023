/// Collects one answer while libcurl hands it over, and stops where it gets too large.
///
/// Touched only by libcurl's calls during one exchange, on the lane that waits for it.
final class Transfer {
  private(set) var fields: [(name: String, value: String)] = []
  private(set) var body: [UInt8] = []
  private(set) var isTooLarge = false
  /// Whether an address was one that is not spoken to.
  private(set) var isForbidden = false

  private let limit: Int
  private let take: (([UInt8]) -> Bool)?
  private var isGood = false
  private var headBytes = 0
  private static let largestHead = 64 << 10

  /// Keeps bodies up to `limit`; with `take`, those of good answers go there instead.
  init(limit: Int, take: (([UInt8]) -> Bool)?) {
    self.limit = limit
    self.take = take
  }

  /// Hands a piece from C to the transfer behind `context`; returning less than `count` ends the exchange.
  @unsafe static func receive(
    _ piece: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
    _ take: (Transfer, [UInt8]) -> Bool
  ) -> Int {
    guard let context = unsafe context else { return 0 }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: piece, count: count))
    return take(transfer, bytes) ? count : 0
  }

  func refuse() { isForbidden = true }

  func takeBody(_ bytes: [UInt8]) -> Bool {
    if isGood, let take { return take(bytes) }
    guard bytes.count <= limit - body.count else {
      isTooLarge = true
      return false
    }
    body += bytes
    return true
  }

  func takeHead(_ bytes: [UInt8]) -> Bool {
    headBytes += bytes.count
    guard headBytes <= Self.largestHead else {
      isTooLarge = true
      return false
    }
    let line = String(decoding: bytes, as: UTF8.self)
    // A new status line: what came before was an interim answer such as 100.
    if line.hasPrefix("HTTP/") {
      fields = []
      isGood = line.split(separator: " ").dropFirst().first == "200"
    }
    guard let colon = line.firstIndex(of: ":") else { return true }
    let value = line[line.index(after: colon)...].drop(while: \.isWhitespace)
    let trimmed = value.reversed().drop(while: \.isWhitespace).reversed()
    fields.append((line[..<colon].lowercased(), String(trimmed)))
    return true
  }
}

/// Where libcurl writes its reason in words.
@safe final class ReasonBuffer {
  private let buffer: UnsafeMutableBufferPointer<CChar>

  init() {
    unsafe buffer = .allocate(capacity: 256)
    unsafe buffer.initialize(repeating: 0)
  }

  deinit {
    unsafe buffer.deallocate()
  }

  /// The address for libcurl, which writes at most 256 bytes there.
  @unsafe var start: UnsafeMutableRawPointer? { unsafe UnsafeMutableRawPointer(buffer.baseAddress) }

  /// What was written, if anything.
  var text: String? {
    let bytes = unsafe Array(buffer).prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
