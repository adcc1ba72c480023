public import Analytics

/// Everything a file of rules says.
public struct RuleSet: Equatable, Sendable {
  /// The rules, in the order of the file.
  public var rules: [Rule]
  /// Who is told, in the order of the file.
  public var receivers: [Receiver]
  /// How often windows are judged.
  public var evaluatesEvery = Duration.seconds(1)
  /// How often a receiver is reminded of what still fires.
  public var repeatsEvery = Duration.seconds(4 * 3600)
  /// How long alerts of one name are gathered, unless they are critical.
  public var groupWait = Duration.seconds(5)
  /// How long a notification is tried.
  public var givesUpAfter = Duration.seconds(3600)
  /// Where people reach this sidecar; nil for its address.
  public var externalURL: String?

  /// Those rules, told to those receivers.
  public init(rules: [Rule] = [], receivers: [Receiver] = []) {
    self.rules = rules
    self.receivers = receivers
  }

  /// Settings with the windows that these rules ask for.
  public func windows(in settings: AnalyticsSettings) -> AnalyticsSettings {
    var settings = settings
    let general = rules.filter { $0.signal.kind == .window && $0.condition == nil }
    settings.dimensions.formUnion(general.compactMap(\.grouping.dimension))
    settings.quantileDimensions.formUnion(
      general.filter { $0.signal.quantile != nil }.compactMap(\.grouping.dimension))
    settings.selections = selections
    return settings
  }

  /// The handoffs that rules with a condition are about, each once.
  private var selections: [Selection] {
    var selections: [Selection] = []
    for rule in rules {
      guard let condition = rule.condition else { continue }
      let place = selections.firstIndex { $0.condition == condition } ?? selections.count
      if place == selections.count { selections.append(Selection(condition, by: [], isTimed: false)) }
      if rule.signal.kind == .window { selections[place].dimensions.insert(rule.grouping.dimension) }
      if rule.signal.quantile != nil { selections[place].isTimed = true }
    }
    return selections
  }
}
