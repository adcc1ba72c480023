/// The settings of one subcommand: plain values with their defaults, and the options that fill them.
public protocol CommandSettings: Equatable, Sendable {
  /// The defaults.
  init()

  /// What can be set, in the order of the help.
  static var options: [Option<Self>] { get }

  /// Looks at the settings as a whole, once all good values are in: fills in what depends on the surroundings, and
  /// finds what does not go together.
  mutating func complete(_ surroundings: Surroundings) -> [ConfigurationFault]
}

/// A subcommand as its user sees it: its options, its operands, and the words of its help.
public struct CommandLineForm<Target: CommandSettings>: Sendable {
  /// The subcommand.
  public let subcommand: Subcommand
  /// The word that says what is to be done, where the subcommand has one.
  public var action = ""
  /// What stands behind the flags, such as `[FILE|-]`; empty for nothing.
  public var operands = ""
  /// How many words may stand there.
  public var mostOperands = 0
  /// What the help says before the options.
  public let introduction: String
  /// Command lines to start from, each with what it does.
  public let examples: [(line: String, does: String)]

  /// The subcommand with its action.
  public var words: String { subcommand.rawValue + (action.isEmpty ? "" : " " + action) }

  /// The option of that name.
  public func option(named name: String) -> Option<Target>? { Target.options.first { $0.name == name } }
}

/// What `complete` may look at.
public struct Surroundings: Sendable {
  /// The environment.
  public let environment: [String: String]
  /// The files.
  public let files: ConfigurationFiles
  /// Where each option was said; for one that was given several times, each in its order.
  let origins: [String: [Origin]]

  /// Where the option was said.
  public func origin(of name: String, at index: Int = 0) -> Origin {
    guard let all = origins[name], index < all.count else { return .standard }
    return all[index]
  }
}
