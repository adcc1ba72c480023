import Wording

/// The environment: `HANDOFFD_…` for every option.
struct EnvironmentLayer<Target: CommandSettings> {
  let layer: ConfigurationLayer

  init(_ environment: [String: String]) {
    var layer = ConfigurationLayer()
    let ours = environment.filter { $0.key.hasPrefix("HANDOFFD_") && !Self.isForeign($0.key) }
    for (variable, text) in ours.sorted(by: { $0.key < $1.key }) {
      guard let entry = OptionCatalogue.byVariable[variable] else {
        layer.faults.append(Self.unknown(variable))
        continue
      }
      // An empty variable is how a container is told "not set".
      guard !text.isEmpty else { continue }
      let texts = entry.isRepeatable ? text.split(separator: ",").map(Self.trimmed) : [text]
      layer.givens += texts.map { Given(name: entry.name, text: $0, origin: .environment(variable)) }
    }
    self.layer = layer
  }

  /// Kubernetes and Docker set these by themselves for a service that is called handoffd.
  private static func isForeign(_ variable: String) -> Bool {
    variable.hasPrefix("HANDOFFD_SERVICE_") || variable == "HANDOFFD_PORT"
      || variable.hasPrefix("HANDOFFD_PORT_")
  }

  private static func unknown(_ variable: String) -> ConfigurationFault {
    let names = OptionCatalogue.byVariable.keys.sorted()
    let guess = Spelling.nearest(to: variable, among: names).map { "did you mean \($0)?" }
    return ConfigurationFault(
      .unknown, at: .environment(Printable.plain(variable)), "there is no such setting", hint: guess)
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
