/// The header fields of one request in one allocation, made into text only where somebody asks.
///
/// Bytes are `name 0 value 0`, names in lower case; the policy has refused NULs before.
public struct HeaderFields: Sendable {
  private var bytes: [UInt8] = []
  /// How many fields there are.
  public private(set) var count = 0

  /// No fields.
  public init() {}

  var byteCount: Int { bytes.count }

  mutating func append(name: Span<UInt8>, value: Span<UInt8>) {
    if bytes.isEmpty { bytes.reserveCapacity(512) }
    for index in name.indices { bytes.append(ASCII.lower(name[index])) }
    bytes.append(0)
    // Because: the bytes are copied within the closure, at once.
    unsafe value.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    bytes.append(0)
    count += 1
  }

  /// The value of the field of that name (in lower case); of several, all of them, joined as a list.
  public subscript(name: String) -> String? {
    var found: String?
    forEach { candidate, value in
      guard candidate.elementsEqual(name.utf8) else { return }
      // Because a field may hold any byte above 0x7F, and what is not UTF-8 is only ever compared or shown.
      let text = String(decoding: value, as: UTF8.self)
      found = found.map { "\($0), \(text)" } ?? text
    }
    return found
  }

  /// Every field in its order, as text.
  public var all: [(name: String, value: String)] {
    var all: [(name: String, value: String)] = []
    forEach { all.append((String(decoding: $0, as: UTF8.self), String(decoding: $1, as: UTF8.self))) }
    return all
  }

  private func forEach(_ body: (ArraySlice<UInt8>, ArraySlice<UInt8>) -> Void) {
    var start = bytes.startIndex
    while start < bytes.endIndex {
      guard let nameEnd = bytes[start...].firstIndex(of: 0),
        let valueEnd = bytes[(nameEnd + 1)...].firstIndex(of: 0)
      else { return }
      body(bytes[start..<nameEnd], bytes[(nameEnd + 1)..<valueEnd])
      start = valueEnd + 1
    }
  }
}
