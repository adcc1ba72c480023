import Wording

/// The address of a sidecar as its clients write it: `http://host:port`, or https.
public struct SidecarURL: Hashable, Sendable, CustomStringConvertible {
  /// The URL without a slash at its end.
  public let description: String

  /// The sidecar of this machine.
  public static let standard = SidecarURL(checked: "http://127.0.0.1:9797")

  private init(checked: String) {
    description = checked
  }

  static func read(_ text: String) throws(ValueFault) -> SidecarURL {
    let hint = "write http://127.0.0.1:9797"
    guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else {
      throw ValueFault("it does not begin with http:// or https://", hint: hint)
    }
    let rest = text.dropFirst(scheme.count)
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw ValueFault("it holds a space or a character that does not belong into a URL", hint: hint)
    }
    guard !rest.contains("@") else { throw ValueFault("it holds a user or a password", hint: hint) }
    guard !rest.contains("?"), !rest.contains("#") else {
      throw ValueFault("it holds a query or a fragment", hint: hint)
    }
    guard let first = rest.first, first != "/", first != ":" else {
      throw ValueFault("it names no host", hint: hint)
    }
    return SidecarURL(checked: scheme + String(rest.reversed().drop { $0 == "/" }.reversed()))
  }
}

extension ValueForm where Value == SidecarURL {
  /// The address of a sidecar.
  static var sidecarURL: ValueForm {
    ValueForm(placeholder: "URL", grammar: "http or https URL", read: SidecarURL.read, show: \.description)
  }
}
