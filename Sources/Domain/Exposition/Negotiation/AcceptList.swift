/// The items of an `Accept` or `Accept-Encoding` header, the most wanted first.
///
/// Anything may come over the wire; what cannot be read is passed over, and never an error.
struct AcceptList {
  /// One thing the client would take.
  struct Item: Equatable {
    /// A media type or a coding, in lower case.
    var value: Substring
    /// How much it is wanted, in thousandths; nothing that is at 0 may be sent.
    var quality: Int = 1000
    /// The parameters but `q`, names in lower case, in their order, repeated ones too.
    var parameters: [(name: String, value: String)] = []

    static func == (left: Self, right: Self) -> Bool {
      left.value == right.value && left.quality == right.quality
        && left.parameters.elementsEqual(right.parameters, by: ==)
    }

    /// The last value given for a parameter.
    subscript(name: String) -> String? { parameters.last { $0.name == name }?.value }

    /// How exactly it names what it wants: `*/*`, `text/*`, `text/plain`.
    var precision: Int { value.hasPrefix("*") ? 0 : value.hasSuffix("/*") ? 1 : 2 }
  }

  /// The items, by quality, then by precision, then in their order.
  let items: [Item]

  /// Reads a header; several of one name are joined by commas.
  init(_ header: String) {
    let read = Self.split(header.prefix(8192), at: ",").compactMap(Self.item)
    items = read.enumerated().sorted {
      ($0.element.quality, $0.element.precision, $1.offset)
        > ($1.element.quality, $1.element.precision, $0.offset)
    }.map(\.element)
  }

  private static func item(_ text: Substring) -> Item? {
    let parts = split(text, at: ";").map(trimmed)
    guard let value = parts.first, !value.isEmpty else { return nil }
    var item = Item(value: Substring(value.lowercased()))
    for part in parts.dropFirst() {
      guard let equals = part.firstIndex(of: "=") else { continue }
      let name = trimmed(part[..<equals]).lowercased()
      let value = unquoted(trimmed(part[part.index(after: equals)...]))
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

  private static func trimmed(_ text: Substring) -> Substring {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let first = text.firstIndex(where: { !isBlank($0) }),
      let last = text.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return text[first...last]
  }

  private static func unquoted(_ text: Substring) -> String {
    guard text.count >= 2, text.first == "\"", text.last == "\"" else { return String(text) }
    return String(text.dropFirst().dropLast())
  }

  /// Splits where the separator stands outside of quotes.
  private static func split(_ text: Substring, at separator: Character) -> [Substring] {
    var isQuoted = false
    return text.split(omittingEmptySubsequences: true) { character in
      if character == "\"" { isQuoted.toggle() }
      return character == separator && !isQuoted
    }
  }
}
