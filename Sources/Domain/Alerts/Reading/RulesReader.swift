// The file of rules: strict YAML, read to its end, every fault with its place.
//
// Nothing is guessed: an unknown key, a window on a signal that has none, a template that names what no alert
// has are faults. A file without `rules` keeps the shipped ones: it may only be there to name receivers.
import Wording
import YAML

/// Reads a file of rules.
public enum RulesReader {
  /// The rules and receivers that a text names, or everything that is wrong with it.
  public static func read(_ bytes: [UInt8]) -> Result<RuleSet, RuleFaults> {
    let log = FaultLog()
    let document = YAMLDocument.parse(bytes)
    for fault in document.faults { log.note(fault.mark, fault.reason) }
    var set = RuleSet()
    if let root = document.root, root.scalar?.isNull != true {
      read(root, into: &set, log)
    } else {
      standard(&set)
    }
    guard log.faults.isEmpty else {
      return .failure(RuleFaults(faults: log.faults.sorted { ($0.line, $0.column) < ($1.line, $1.column) }))
    }
    return .success(set)
  }

  private static func read(_ root: YAMLNode, into set: inout RuleSet, _ log: FaultLog) {
    guard let top = MappingReader(root, "the file", keys: ["defaults", "receivers", "rules"], log) else {
      return
    }
    if let defaults = top.entry("defaults") { readDefaults(defaults.value, into: &set, log) }
    if let receivers = top.entry("receivers") {
      set.receivers = ReceiverReading(log: log).receivers(receivers.value)
    }
    guard let rules = top.entry("rules") else { return standard(&set) }
    set.rules = RuleReading(log: log).rules(rules.value)
  }

  /// Takes the shipped rules.
  private static func standard(_ set: inout RuleSet) { set.rules = RuleSet.builtIn.rules }

  private static func readDefaults(_ node: YAMLNode, into set: inout RuleSet, _ log: FaultLog) {
    let keys = ["evaluate_every", "repeat_every", "group_wait", "give_up_after", "external_url"]
    guard let reader = MappingReader(node, "defaults", keys: keys, log) else { return }
    if let every = reader.duration("evaluate_every", .milliseconds(100) ... .seconds(60)) {
      set.evaluatesEvery = every
    }
    if let every = reader.duration("repeat_every", .seconds(60) ... .days(30)) { set.repeatsEvery = every }
    if let wait = reader.duration("group_wait", .zero ... .minutes(10)) { set.groupWait = wait }
    if let limit = reader.duration("give_up_after", .seconds(10) ... .days(7)) { set.givesUpAfter = limit }
    if let (url, mark) = reader.text("external_url") { set.externalURL = URLText.checked(url, mark, log) }
  }
}

/// URLs as the file names them.
enum URLText {
  /// A URL of http or https with a host and without a password in it; nil, with a fault, for anything else.
  static func checked(_ text: String, _ mark: YAMLMark, _ log: FaultLog) -> String? {
    let lowered = text.lowercased()
    guard let scheme = ["http://", "https://"].first(where: lowered.hasPrefix) else {
      log.note(mark, "a URL begins with http:// or https://")
      return nil
    }
    let authority = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
    guard !authority.isEmpty, !authority.hasPrefix(":"), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
    else {
      log.note(mark, "this is not a URL")
      return nil
    }
    guard !authority.contains("@") else {
      log.note(mark, "a URL holds no user and password here", "name username and password_file beside it")
      return nil
    }
    return text
  }
}
