extension RuleSet {
  /// The shipped rules, which hold when no file says otherwise.
  public static let builtIn: RuleSet = {
    guard case .success(let rules) = RulesReader.read(Array(builtInSource.utf8)) else { return RuleSet() }
    return rules
  }()
}
