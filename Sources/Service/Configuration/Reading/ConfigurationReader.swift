import Wording

/// Reads the settings of one subcommand from the command line, the environment and the file.
public struct ConfigurationReader<Target: CommandSettings>: Sendable {
  private let form: CommandLineForm<Target>
  private let environment: [String: String]
  private let files: ConfigurationFiles

  /// The option that names the file.
  static var fileOption: String { "config" }

  /// Makes one for a subcommand and its surroundings.
  public init(
    form: CommandLineForm<Target>, environment: [String: String], files: ConfigurationFiles = .system
  ) {
    self.form = form
    self.environment = environment
    self.files = files
  }

  /// Reads everything; the arguments are those after the subcommand.
  public func read(_ arguments: [String]) -> Reading<Target> {
    let line = CommandLineLayer(form: form).read(arguments)
    if line.asksForHelp { return .help }
    var layers = [line.layer, EnvironmentLayer<Target>(environment).layer]
    let file = layers.lazy.flatMap(\.givens).first { $0.name == Self.fileOption }
    if let file, Self.isGood(file) { layers.append(FileLayer<Target>(file, files).layer) }

    var faults = layers.flatMap(\.faults) + layers.flatMap { $0.givens.compactMap(Self.fault) }
    var settings = Target()
    let origins = assign(layers, to: &settings)
    let surroundings = Surroundings(environment: environment, files: files, origins: origins)
    faults += settings.complete(surroundings)
    guard faults.isEmpty else { return .faulty(ConfigurationFaults(faults: faults)) }
    return .ready(Loaded(settings: settings, operands: line.operands, origins: origins))
  }

  /// Takes each option from the first layer that has a good value for it; says where that was.
  private func assign(_ layers: [ConfigurationLayer], to settings: inout Target) -> [String: [Origin]] {
    var origins: [String: [Origin]] = [:]
    for option in Target.options {
      let good = layers.lazy.map {
        $0.givens.filter { $0.name == option.name && option.check($0.text) == nil }
      }
      guard let givens = good.first(where: { !$0.isEmpty }) else { continue }
      option.assign(&settings, givens.map(\.text))
      origins[option.name] = givens.map(\.origin)
    }
    return origins
  }

  private static func isGood(_ given: Given) -> Bool { fault(given) == nil }

  /// What is wrong with a value, wherever it was said.
  private static func fault(_ given: Given) -> ConfigurationFault? {
    guard let option = OptionCatalogue.all[given.name], let fault = option.check(given.text) else {
      return nil
    }
    let value = option.isSecret ? "this value" : Printable.quote(given.text)
    return ConfigurationFault(
      .value, at: given.origin,
      trying: "use \(value)\(given.origin.isOwnName ? "" : " as \(OptionName.key(given.name))")",
      fault.cause,
      hint: fault.hint)
  }
}

/// What came out of reading.
public enum Reading<Target: CommandSettings>: Sendable {
  /// The user asked for the help.
  case help
  /// All is good.
  case ready(Loaded<Target>)
  /// Something is wrong; nothing may be started.
  case faulty(ConfigurationFaults)
}

/// Good settings, with what else the command line held.
public struct Loaded<Target: CommandSettings>: Sendable {
  /// The settings.
  public let settings: Target
  /// The words that belong to no flag.
  public let operands: [String]
  /// Where each option was said that was said.
  let origins: [String: [Origin]]

  /// The flags that were given on the command line, in the order of the help.
  public var flags: [String] {
    Target.options.map(\.name).filter { name in
      origins[name]?.contains { if case .flag = $0 { true } else { false } } == true
    }
  }

  /// Every option with its values as text, and where each was said; secrets without their secrets.
  public var effective: [(name: String, values: [(text: String, origin: Origin)])] {
    Target.options.map { option in
      let shown = option.show(settings)
      let texts = shown.isEmpty ? [option.standard].compactMap(\.self) : shown
      let places = origins[option.name] ?? []
      let values = texts.enumerated().map { ($1, $0 < places.count ? places[$0] : Origin.standard) }
      return (option.name, values)
    }
  }
}
