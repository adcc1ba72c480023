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

  /// By what windows must be grouped for these rules.
  public var dimensions: Set<Dimension> {
    Set(rules.filter { $0.signal.kind == .window }.compactMap(\.grouping.dimension))
  }

  /// By what quantiles must be grouped for these rules.
  public var quantileDimensions: Set<Dimension> {
    Set(rules.filter { $0.signal.quantile != nil }.compactMap(\.grouping.dimension))
  }
}
