import Wording

/// One thing that is wrong with what was configured, and where it was said.
public struct ConfigurationFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of fault.
  public enum Code: String, Sendable {
    /// The command line itself is wrong: an unknown flag, a flag without its value, a word too many.
    case usage
    /// A setting that does not exist, in the environment or in the file.
    case unknown
    /// A value that cannot be one.
    case value
    /// A file that cannot be read or is not YAML.
    case file
    /// Settings that are good by themselves and not together.
    case conflict
    /// Something secret stands where others can read it; it is told and hinders nothing.
    case exposed
  }

  /// What kind of fault.
  public var code: Code
  /// Where it was said.
  public var origin: Origin
  /// What was tried, such as `use "90x"`; empty where the cause says it.
  public var attempt: String
  /// Why it cannot be.
  public var cause: String
  /// What would be right.
  public var hint: String?

  init(_ code: Code, at origin: Origin, trying attempt: String = "", _ cause: String, hint: String? = nil) {
    self.code = code
    self.origin = origin
    self.attempt = attempt
    self.cause = cause
    self.hint = hint
  }

  /// One line: `place: cannot <attempt>: <cause>; <hint>`.
  public var description: String {
    let reason = attempt.isEmpty ? cause : "cannot \(attempt): \(cause)"
    return ([origin.description, ": ", reason] + (hint.map { ["; ", $0] } ?? [])).joined()
  }
}

/// All faults of one reading, in the order command line, environment, file.
public struct ConfigurationFaults: Error, Equatable, Sendable {
  /// The faults; never empty.
  public var faults: [ConfigurationFault]

  /// Whether the command line itself was wrong, so that the help would have been the better thing to read.
  public var isWrongUsage: Bool { faults.contains { $0.code == .usage } }
}

/// Where a setting was said.
public enum Origin: Hashable, Sendable, CustomStringConvertible {
  /// On the command line, with this flag.
  case flag(String)
  /// On the command line, as a word without a flag.
  case word(String)
  /// In the environment, in this variable.
  case environment(String)
  /// In the configuration file.
  case file(String, line: Int, column: Int)
  /// Nowhere.
  case standard

  /// Whether it says by itself which setting is meant.
  var isOwnName: Bool {
    switch self {
    case .flag, .environment: true
    case .word, .file, .standard: false
    }
  }

  /// As it stands in front of a message.
  public var description: String {
    switch self {
    case .flag(let name): "--\(name)"
    case .word(let word): Printable.quote(word)
    case .environment(let name): name
    case .file(let path, let line, let column): "\(Printable.plain(path)):\(line):\(column)"
    case .standard: "default"
    }
  }
}
