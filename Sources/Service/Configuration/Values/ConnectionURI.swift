import Wording

/// The parts of a libpq URI after its scheme: `[user[:password]@][host[:port],…][/dbname][?name=value&…]`.
struct ConnectionURI {
  /// Hosts, ports and database as written, without the user and the password.
  var place: String
  /// Whether a password stands before the place.
  var holdsPassword: Bool
  /// The parameters behind the question mark, decoded.
  var parameters: [(name: String, value: String)]

  init(_ text: Substring) throws(ValueFault) {
    // As in libpq, the user and the password end at the first "@" before a slash. One that comes later was meant to
    // be part of the password, and would be shown.
    let (authority, _) = ConnectionURI.cut(text, at: "/")
    let at = authority.firstIndex(of: "@")
    holdsPassword = at.map { ConnectionURI.cut(authority[..<$0], at: ":").1?.isEmpty == false } ?? false
    let rest = at.map { text[text.index(after: $0)...] } ?? text
    let (front, query) = ConnectionURI.cut(rest, at: "?")
    guard !front.contains("@") else {
      throw ValueFault(
        "its user or password holds an \"@\" or \"/\" that is not encoded", hint: "write %40 and %2F")
    }
    let (hosts, database) = ConnectionURI.cut(front, at: "/")
    for host in hosts.split(separator: ",", omittingEmptySubsequences: false) {
      try ConnectionURI.check(host)
    }
    place = String(hosts) + (database.map { "/\($0)" } ?? "")
    parameters = []
    for pair in (query ?? "").split(separator: "&") {
      let (name, value) = ConnectionURI.cut(pair, at: "=")
      guard let name = ConnectionURI.decode(name), let value = ConnectionURI.decode(value ?? "") else {
        throw ValueFault("it holds a broken percent sequence")
      }
      parameters.append((name, value))
    }
    guard ConnectionURI.decode(text[..<(query?.startIndex ?? text.endIndex)]) != nil else {
      throw ValueFault("it holds a broken percent sequence")
    }
  }

  private static func check(_ host: Substring) throws(ValueFault) {
    let rest = host.hasPrefix("[") ? host.drop { $0 != "]" } : host
    guard let colon = rest.lastIndex(of: ":") else { return }
    let port = rest[rest.index(after: colon)...]
    guard port.isEmpty || UInt16(port) != nil else {
      throw ValueFault(
        "its port is not a number",
        hint: "write postgresql://user@host:5432/database, and %3A for a colon elsewhere")
    }
  }

  private static func cut(_ text: Substring, at mark: Character) -> (Substring, Substring?) {
    guard let index = text.firstIndex(of: mark) else { return (text, nil) }
    return (text[..<index], text[text.index(after: index)...])
  }

  /// Resolves percent sequences; nil where one is broken or makes a NUL or broken UTF-8.
  private static func decode(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), value != 0,
        rest.count >= 2
      else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
