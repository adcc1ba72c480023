/// The items of an `Accept` or `Accept-Encoding` header, the most wanted first.
///
/// Anything may come over the wire; what cannot be read is passed over, and never an error.
struct AcceptList {
  /// One thing the client would take.
  struct Item {
    /// A media type or a coding, in lower case.
    var value: String
    /// How much it is wanted, in thousandths; nothing that is at 0 may be sent.
    var quality = 1000
    /// The parameters but `q`, names in lower case, in their order, repeated ones too.
    var parameters: [(name: String, value: String)] = []

    /// The last value given for a parameter.
    subscript(name: String) -> String? { parameters.last { $0.name == name }?.value }

    /// How exactly it names what it wants: `*/*`, `text/*`, `text/plain`.
    var precision: Int { value.hasPrefix("*") ? 0 : value.hasSuffix("/*") ? 1 : 2 }
  }

  /// A piece of the header.
  private typealias Piece = ArraySlice<UInt8>

  /// The items, by quality, then by precision, then in their order.
  let items: [Item]

  /// Reads a header; several of one name are joined by commas.
  init(_ header: String) {
    let read = Self.split(Array(header.utf8.prefix(8192))[...], at: UInt8(ascii: ",")).compactMap(Self.item)
    items = read.enumerated().sorted {
      ($0.element.quality, $0.element.precision, $1.offset)
        > ($1.element.quality, $1.element.precision, $0.offset)
    }.map(\.element)
  }

  private static func item(_ piece: Piece) -> Item? {
    let parts = split(piece, at: UInt8(ascii: ";")).map(trimmed)
    guard let value = parts.first, !value.isEmpty else { return nil }
    var item = Item(value: lowercased(value))
    for part in parts.dropFirst() {
      guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let name = lowercased(trimmed(part[..<equals]))
      let value = unquoted(trimmed(part[(equals + 1)...]))
      if name == "q" {
        item.quality = quality(value)
      } else {
        item.parameters.append((name, value))
      }
    }
    return item
  }

  /// A number from 0 to 1; whoever cannot say how much he wants something gets it not.
  private static func quality(_ text: String) -> Int {
    guard let value = Double(text), value > 0 else { return 0 }
    return value >= 1 ? 1000 : max(1, Int(value * 1000 + 0.5))
  }

  private static func lowercased(_ piece: Piece) -> String {
    String(decoding: piece.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  private static func trimmed(_ piece: Piece) -> Piece {
    let isText: (UInt8) -> Bool = { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    guard let first = piece.firstIndex(where: isText), let last = piece.lastIndex(where: isText) else {
      return []
    }
    return piece[first...last]
  }

  private static func unquoted(_ piece: Piece) -> String {
    let quote = UInt8(ascii: "\"")
    let isQuoted = piece.count >= 2 && piece.first == quote && piece.last == quote
    return String(decoding: isQuoted ? piece.dropFirst().dropLast() : piece, as: UTF8.self)
  }

  /// Splits where the separator stands outside of quotes.
  private static func split(_ piece: Piece, at separator: UInt8) -> [Piece] {
    var isQuoted = false
    return piece.split(omittingEmptySubsequences: true) { byte in
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      return byte == separator && !isQuoted
    }
  }
}
