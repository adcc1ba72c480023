// Where a database is, from what the user wrote.
//
// libpq's own parser reads the string, so a URI and key/value mean here what they mean in psql. A
// password stays in here: no description or error repeats it, and where libpq's message quotes the
// string it could not read, the quote is left out, because a mistyped URI puts the password anywhere.
import CPostgres

/// Where a database is and how to get in.
@safe public struct DatabaseAddress: Sendable, CustomStringConvertible {
  /// The settings given, by libpq's names.
  private(set) var settings: [String: String]

  /// Reads a libpq URI or key/value string.
  public init(_ text: String) throws(PostgresError) {
    if text.utf8.contains(0) { throw Self.refusal("it holds a NUL", nil) }
    var message: UnsafeMutablePointer<CChar>?
    guard let options = unsafe PQconninfoParse(text, &message) else {
      let words = unsafe message.map { unsafe String(cString: $0) } ?? "out of memory"
      unsafe PQfreemem(message)
      throw Self.refusal(
        Self.withoutQuotes(words), "write URI parts with % escapes: @ is %40, : is %3A, / is %2F")
    }
    defer { unsafe PQconninfoFree(options) }
    settings = [:]
    var option = unsafe options
    while let keyword = unsafe option.pointee.keyword {
      if let value = unsafe option.pointee.val {
        settings[unsafe String(cString: keyword)] = unsafe String(cString: value)
      }
      unsafe option += 1
    }
    if (settings["host"] ?? "").utf8.contains(UInt8(ascii: "@")) {
      throw Self.refusal("the host holds an @", "an @ in a password is written %40")
    }
  }

  /// Settings by libpq's names.
  public init(settings: [String: String]) {
    self.settings = settings
  }

  /// The same place with one setting changed; nil leaves it to libpq's defaults.
  public func with(_ name: String, _ value: String?) -> DatabaseAddress {
    var copy = self
    copy.settings[name] = value
    return copy
  }

  /// A setting as given, but never a secret.
  public subscript(name: String) -> String? {
    Self.secrets.contains(name) ? nil : settings[name]
  }

  /// Where it is, without user or password: `db.example:5432/handoffs`.
  public var description: String {
    let host =
      settings["host"] ?? settings["hostaddr"] ?? settings["service"].map { "service \($0)" }
      ?? "local socket"
    let port = settings["port"].map { ":\($0)" } ?? ""
    return host + port + "/" + (settings["dbname"] ?? settings["user"] ?? "")
  }

  private static let secrets: Set<String> = ["password", "sslpassword", "passfile", "sslkey"]

  /// Text in which every secret of this place is covered.
  func redacted(_ text: String) -> String {
    var text = text
    for name in ["password", "sslpassword"] {
      if let secret = settings[name], !secret.isEmpty { text = text.covering(secret) }
    }
    return text
  }

  private static func refusal(_ reason: String, _ hint: String?) -> PostgresError {
    PostgresError(.connectionString, "read the database URL", reason, hint: hint)
  }

  /// Cuts what stands between quotes, unless it is a plain word behind `option` or `parameter`.
  static func withoutQuotes(_ text: String) -> String {
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
    var result = ""
    for (index, part) in parts.enumerated() {
      let before = index > 0 ? parts[index - 1] : ""
      let names = before.hasSuffix("option ") || before.hasSuffix("parameter: ")
      let isWord = part.utf8.count <= 32 && part.utf8.allSatisfy { $0 == 95 || (97...122).contains($0) }
      result += index % 2 == 0 ? String(part) : names && isWord ? "\"\(part)\"" : "…"
    }
    return result.trimmingNewlines
  }
}

extension DatabaseAddress {
  /// One place for each host that was given, because a host that is silent must not use up the time of
  /// the others.
  var hosts: [DatabaseAddress] {
    let count = ["host", "hostaddr"].map { Self.list(settings[$0]).count }.max() ?? 1
    if count <= 1 || settings["service"] != nil { return [self] }
    return (0..<count).map { index in
      var one = self
      for name in ["host", "hostaddr", "port"] {
        let values = Self.list(settings[name])
        if values.isEmpty { continue }
        one.settings[name] = values.count == 1 ? values[0] : index < values.count ? values[index] : nil
      }
      return one
    }
  }

  private static func list(_ text: String?) -> [String] {
    (text ?? "").isEmpty
      ? [] : (text ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}

extension String {
  /// Every occurrence of `secret` replaced.
  fileprivate func covering(_ secret: String) -> String {
    let needle = Array(secret.utf8)
    var bytes = Array(utf8)
    var index = 0
    while index + needle.count <= bytes.count {
      if bytes[index..<(index + needle.count)].elementsEqual(needle) {
        bytes.replaceSubrange(index..<(index + needle.count), with: "…".utf8)
      }
      index += 1
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// On one line, without the newline that libpq puts behind its messages.
  var trimmingNewlines: String {
    split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
  }
}
