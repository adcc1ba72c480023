public import Bytes

/// Where secrets stand in a value: what would be redacted if it were an event.
public enum Secrets {
  private static let scanner = SecretScanner()

  /// Pointers to the strings that are secret, by their key or by what they look like; at most `most` of them.
  public static func places(in value: JSONValue, most: Int) -> [String] {
    var found: [String] = []
    search(JSONPlace(value), isSecret: false, most, &found)
    return found
  }

  private static func search(_ place: JSONPlace, isSecret: Bool, _ most: Int, _ found: inout [String]) {
    guard found.count < most else { return }
    switch place.value {
    case .text(let text):
      let bytes = Array(text.utf8)
      guard bytes != SecretScanner.replacement else { return }
      if (isSecret && !bytes.isEmpty) || scanner.first(in: bytes.span) != nil { found.append(place.pointer) }
    case .array: for element in place.elements { search(element, isSecret: isSecret, most, &found) }
    case .object:
      for (name, member) in place.members {
        search(member, isSecret: SecretKey.matches(Array(name.utf8).span), most, &found)
      }
    case .null, .boolean, .number: return
    }
  }
}
