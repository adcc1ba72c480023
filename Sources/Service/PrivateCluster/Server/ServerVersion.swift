/// A version of the PostgreSQL server; clusters move freely within a major one, and not across.
package struct ServerVersion: Comparable, Hashable, Sendable, CustomStringConvertible {
  /// Decides whether a cluster can be opened.
  package var major: Int
  /// The bug fixes.
  package var minor: Int

  /// Puts a version together.
  package init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Reads what `postgres --version` says: `postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)`,
  /// also `17beta2` and `18devel`.
  package init?(programSays text: String) {
    guard let close = text.firstIndex(of: ")") else { return nil }
    let word = text[text.index(after: close)...].drop { $0 == " " }.prefix { !$0.isWhitespace }
    guard let major = Self.leadingNumber(word) else { return nil }
    let rest = word.drop { $0 != "." }.dropFirst()
    self.init(major: major, minor: Self.leadingNumber(rest) ?? 0)
  }

  /// The major version that the file `PG_VERSION` of a cluster names.
  package static func major(ofCluster text: String) -> Int? {
    leadingNumber(text[...])
  }

  /// Orders by age.
  package static func < (left: Self, right: Self) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }

  /// As PostgreSQL writes it.
  package var description: String { "\(major).\(minor)" }

  private static func leadingNumber(_ text: Substring) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    return digits.utf8.count > 6 ? nil : Int(digits)
  }
}
