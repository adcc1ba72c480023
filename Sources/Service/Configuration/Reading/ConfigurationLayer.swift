import Wording

/// One value as somebody wrote it.
struct Given: Sendable {
  /// The name of the option.
  var name: String
  /// The value.
  var text: String
  /// Where it was said.
  var origin: Origin
}

/// What one place says: values, and what is wrong with how they were said.
struct ConfigurationLayer: Sendable {
  var givens: [Given] = []
  var faults: [ConfigurationFault] = []
}

/// Every option of every subcommand by name, without the types of their settings.
///
/// The environment and the file are shared between subcommands, so each accepts, and checks, what belongs to another.
enum OptionCatalogue {
  /// What all options have in common.
  struct Entry: Sendable {
    var name: String
    var isRepeatable: Bool
    var isSecret: Bool
    var check: @Sendable (String) -> ValueFault?
  }

  static let all: [String: Entry] = Dictionary(
    (entries(Settings.self) + entries(SendSettings.self) + entries(AuditSettings.self)
      + entries(ExportSettings.self) + entries(PreviewSettings.self)).map { ($0.name, $0) },
    uniquingKeysWith: { first, _ in first })

  /// The same by their names in the environment.
  static let byVariable: [String: Entry] = all.values.reduce(into: [:]) {
    $0[OptionName.variable($1.name)] = $1
  }

  /// The same by their names in the file.
  static let byKey: [String: Entry] = all.values.reduce(into: [:]) { $0[OptionName.key($1.name)] = $1 }

  private static func entries<Target>(_ settings: Target.Type) -> [Entry] where Target: CommandSettings {
    Target.options.map {
      Entry(name: $0.name, isRepeatable: $0.isRepeatable, isSecret: $0.isSecret, check: $0.check)
    }
  }
}
