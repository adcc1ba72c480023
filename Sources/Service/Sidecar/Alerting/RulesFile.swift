import Alerts
import Configuration

extension RuleSet {
  /// The rules that the settings name, or the shipped ones.
  static func named(by settings: Settings) -> Result<RuleSet, RulesUnreadable> {
    guard let path = settings.rules else { return .success(.builtIn) }
    switch ConfigurationFiles.system.read(path) {
    case .failure(let problem):
      return .failure(RulesUnreadable(description: "cannot read \(path): \(problem.reason)"))
    case .success(let bytes):
      return RulesReader.read(bytes).mapError { faults in
        RulesUnreadable(
          description: faults.faults.map { "\(path):\($0.description)" }.joined(separator: "; "))
      }
    }
  }
}

/// Why rules cannot be had.
struct RulesUnreadable: Error, CustomStringConvertible {
  var description: String
}
