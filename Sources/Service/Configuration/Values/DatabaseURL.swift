import Wording

/// Where PostgreSQL is: a libpq URI or key/value string, which may hold a password.
///
/// Whoever prints it prints `description`, which never holds user, password or anything not known to be harmless.
public struct DatabaseURL: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// The whole text for libpq; never to be printed.
  public let secret: String

  /// Host, port and database, for logs.
  public let description: String

  /// Whether the text holds a password.
  let holdsPassword: Bool

  /// The same as `description`.
  public var debugDescription: String { description }

  /// Shows nothing but `description` to `dump` and the like.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }

  /// Reads a connection string; nil when libpq would not understand it.
  public init?(_ text: String) {
    guard let url = try? DatabaseURL.read(text) else { return nil }
    self = url
  }

  private init(
    secret: String, parameters: [(name: String, value: String)], place: String, holdsPassword: Bool = false
  ) {
    self.secret = secret
    self.holdsPassword =
      holdsPassword || parameters.contains { $0.name.hasSuffix("password") && !$0.value.isEmpty }
    let shown = parameters.filter { DatabaseURL.harmless.contains($0.name) && !$0.value.isEmpty }
    description = ([place] + shown.map { "\($0.name)=\($0.value)" }).filter { !$0.isEmpty }.joined(
      separator: " ")
  }

  static func read(_ text: String) throws(ValueFault) -> DatabaseURL {
    guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
      throw ValueFault("control characters are not allowed")
    }
    for scheme in ["postgresql://", "postgres://"] where text.hasPrefix(scheme) {
      let uri = try ConnectionURI(text.dropFirst(scheme.count))
      try check(uri.parameters)
      return DatabaseURL(
        secret: text, parameters: uri.parameters, place: scheme + uri.place, holdsPassword: uri.holdsPassword)
    }
    let parameters = try ConnectionWords.read(text)
    try check(parameters)
    return DatabaseURL(secret: text, parameters: parameters, place: "")
  }

  private static func check(_ parameters: [(name: String, value: String)]) throws(ValueFault) {
    for (name, _) in parameters where !known.contains(name) && !harmless.contains(name) {
      let guess = Spelling.nearest(to: name, among: Array(known.union(harmless)).sorted())
      throw ValueFault(
        "it has a parameter that libpq does not know", hint: guess.map { "did you mean \($0)?" })
    }
  }

  /// Parameters that say nothing secret.
  private static let harmless: Set<String> = [
    "host", "hostaddr", "port", "dbname", "sslmode", "application_name", "target_session_attrs",
    "connect_timeout",
  ]

  private static let known: Set<String> = [
    "user", "password", "passfile", "require_auth", "channel_binding", "client_encoding", "options",
    "fallback_application_name", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
    "tcp_user_timeout", "replication", "gssencmode", "ssl", "sslcompression", "sslcert", "sslkey",
    "sslpassword",
    "sslcertmode", "sslrootcert", "sslcrl", "sslcrldir", "sslsni", "sslnegotiation", "requirepeer",
    "requiressl",
    "ssl_min_protocol_version", "ssl_max_protocol_version", "krbsrvname", "gsslib", "gssdelegation",
    "service",
    "load_balance_hosts",
  ]
}

extension ValueForm where Value == DatabaseURL {
  /// A connection string for libpq.
  static var databaseURL: ValueForm {
    ValueForm(
      placeholder: "URL", grammar: "libpq URI or key/value string", isSecret: true,
      read: DatabaseURL.read, show: \.description)
  }
}
