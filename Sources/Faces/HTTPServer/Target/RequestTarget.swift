/// A request target, split as it was sent and then decoded once.
///
/// The order matters: a segment may hold `/` as `%2F`, and an escape must never make a second escape. So the raw
/// bytes are split at `?`, `/`, `&` and `=`, and only then is each part decoded, strictly. The library decodes
/// nothing: it hands over what came on the wire.
public struct RequestTarget: Hashable, Sendable {
  /// One `name=value` of the query, decoded.
  public struct Parameter: Hashable, Sendable {
    /// The part before the first `=`.
    public var name: String
    /// The part after it; empty where there is no `=`.
    public var value: String

    /// A parameter of that name and value.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The most path segments a target may have.
  public static let maximumSegments = 32
  /// The most query parameters a target may have.
  public static let maximumParameters = 128

  /// As it was sent.
  public let raw: String
  /// Path segments, each decoded once.
  ///
  /// `/` alone has none; a trailing slash makes an empty last one.
  public let path: [String]
  /// Query parameters in their order.
  public let query: [Parameter]

  /// Splits and decodes `bytes`.
  public init(_ bytes: [UInt8]) throws(TargetFault) {
    for byte in bytes { try Self.check(byte) }
    guard let raw = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
    let origin = try Self.originForm(bytes[...])
    let mark = origin.firstIndex(of: UInt8(ascii: "?"))
    self.raw = raw
    self.path = try Self.segments(origin[..<(mark ?? origin.endIndex)])
    self.query = try mark.map { mark throws(TargetFault) in try Self.pairs(origin[(mark + 1)...]) } ?? []
  }

  private static func check(_ byte: UInt8) throws(TargetFault) {
    switch byte {
    case 0: throw .containsNUL
    case 1...0x20, 0x7F, UInt8(ascii: "#"): throw .invalidCharacter
    default: return
    }
  }

  /// The target from its first path slash on: `http://host/a` is `/a`, as servers must accept both.
  private static func originForm(_ bytes: ArraySlice<UInt8>) throws(TargetFault) -> ArraySlice<UInt8> {
    if bytes.first == UInt8(ascii: "/") { return bytes }
    for scheme in ["http://", "https://"] where bytes.count > scheme.utf8.count {
      let head = bytes.prefix(scheme.utf8.count)
      guard head.elementsEqual(scheme.utf8, by: { $0 | 0x20 == $1 | 0x20 }) else { continue }
      let rest = bytes.dropFirst(scheme.utf8.count)
      guard let slash = rest.firstIndex(of: UInt8(ascii: "/")), slash > rest.startIndex,
        !rest[..<slash].contains(UInt8(ascii: "?"))
      else { throw .malformed }
      return rest[slash...]
    }
    throw .malformed
  }

  private static func segments(_ path: ArraySlice<UInt8>) throws(TargetFault) -> [String] {
    let inside = path.dropFirst()
    guard !inside.isEmpty else { return [] }
    var segments: [String] = []
    for part in inside.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard segments.count < maximumSegments else { throw .tooManyParts }
      segments.append(try PercentDecoding.decode(part, plusIsSpace: false))
    }
    return segments
  }

  private static func pairs(_ query: ArraySlice<UInt8>) throws(TargetFault) -> [Parameter] {
    var pairs: [Parameter] = []
    for part in query.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
      guard pairs.count < maximumParameters else { throw .tooManyParts }
      let equals = part.firstIndex(of: UInt8(ascii: "="))
      pairs.append(
        Parameter(
          name: try PercentDecoding.decode(part[..<(equals ?? part.endIndex)], plusIsSpace: true),
          value: try equals.map { equals throws(TargetFault) in
            try PercentDecoding.decode(part[(equals + 1)...], plusIsSpace: true)
          } ?? ""))
    }
    return pairs
  }
}
