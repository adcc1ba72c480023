import Analytics
import Model
import Wording
import YAML

/// Reads the list of rules.
struct RuleReading {
  let log: FaultLog

  private static let keys = [
    "alert", "signal", "where", "by", "above", "at_least", "below", "at_most", "window", "min_handoffs",
    "min_failures",
    "no_data", "for", "keep_firing_for", "severity", "labels", "annotations", "inhibits", "scope",
  ]

  private static let reserved = ["alertname", "severity"] + Grouping.words

  /// The rules of a list.
  func rules(_ node: YAMLNode) -> [Rule] {
    guard let nodes = node.sequence else {
      log.note(node.mark, "rules must be a list")
      return []
    }
    var read: [(rule: Rule, node: YAMLNode)] = []
    for node in nodes {
      guard let rule = rule(node, known: read.map(\.rule.name)) else { continue }
      read.append((rule, node))
    }
    checkInhibitions(read)
    checkConditions(read)
    return read.map(\.rule)
  }

  private func rule(_ node: YAMLNode, known: [String]) -> Rule? {
    guard let reader = MappingReader(node, "a rule", keys: Self.keys, log) else { return nil }
    let name = name(reader, known)
    guard let (word, mark) = reader.text("signal", required: true) else { return nil }
    guard let signal = Signal(rawValue: word) else {
      log.unknown("signal", word, at: mark, among: Signal.allCases.map(\.rawValue))
      return nil
    }
    var rule = Rule(name ?? "", signal)
    readCondition(reader, into: &rule)
    readGrouping(reader, into: &rule)
    readBound(reader, into: &rule)
    readSample(reader, into: &rule)
    readTimes(reader, into: &rule)
    if let severity: Severity = reader.word("severity", "severity") { rule.severity = severity }
    readScope(reader, into: &rule)
    readTexts(reader, into: &rule)
    return rule
  }

  private func readCondition(_ reader: MappingReader, into rule: inout Rule) {
    guard let entry = reader.entry("where") else { return }
    guard rule.signal.isSelective else {
      log.note(
        entry.mark, "\(rule.signal.rawValue) counts no single handoffs, so where has none to choose among",
        "leave where out; it goes with signals of failures, envelopes, times and depths")
      return
    }
    rule.condition = ConditionReading(log: log).condition(entry.value)
  }

  /// Each handoff has room for so many answers.
  private func checkConditions(_ read: [(rule: Rule, node: YAMLNode)]) {
    var known: Set<HandoffCondition> = []
    var tests = 0
    for (rule, node) in read {
      guard let condition = rule.condition, known.insert(condition).inserted else { continue }
      tests += condition.tests
      guard known.count > Selection.most || tests > Selection.mostTests else { continue }
      log.note(
        node.mapping?.first { $0.key == "where" }?.mark ?? node.mark,
        "all rules together have at most \(Selection.most) different conditions, with \(Selection.mostTests) tests",
        "give rules the same condition, or fewer")
      return
    }
  }

  private func readScope(_ reader: MappingReader, into rule: inout Rule) {
    // What the sidecar says of itself is nobody else's to judge; what happens is judged where it is seen.
    // Windows of selected handoffs are each sidecar's own.
    let canBeFleet =
      rule.grouping == .fleet && rule.signal.kind != .own && rule.signal.kind != .event
      && rule.condition == nil
    rule.scope = canBeFleet ? .fleet : .instance
    guard let scope: Rule.Scope = reader.word("scope", "scope") else { return }
    if scope == .fleet, !canBeFleet, let mark = reader.entry("scope")?.value.mark {
      log.note(
        mark, "one sidecar can judge for all only what is measured over all handoffs together",
        "leave scope out, or by, or where, or take another signal than \(rule.signal.rawValue)")
    }
    rule.scope = scope
  }

  private func name(_ reader: MappingReader, _ known: [String]) -> String? {
    guard let (name, mark) = reader.text("alert", required: true) else { return nil }
    guard name.utf8.count <= 128, isName(name) else {
      log.note(mark, "the name of an alert has letters, digits and underscores, and at most 128 of them")
      return nil
    }
    if known.contains(name) { log.note(mark, "the alert \(name) is there a second time") }
    return name
  }

  private func readGrouping(_ reader: MappingReader, into rule: inout Rule) {
    guard let words = reader.texts("by", orOne: true) else {
      // Without a word each signal is told apart by what it is a property of.
      rule.grouping = rule.signal.groupings.contains(.fleet) ? .fleet : .toAgent
      return
    }
    for (word, mark) in words where !Grouping.words.contains(word) {
      log.unknown("group", word, at: mark, among: Grouping.words)
      return
    }
    let mark = reader.entry("by")?.value.mark ?? reader.mark
    guard let grouping = Grouping(labels: words.map(\.text)), rule.signal.groupings.contains(grouping) else {
      let possible = rule.signal.groupings.map { "[\($0.labels.joined(separator: ", "))]" }
      log.note(
        mark, "\(rule.signal.rawValue) cannot be had by [\(words.map(\.text).joined(separator: ", "))]",
        "it can by \(possible.joined(separator: ", "))")
      return
    }
    rule.grouping = grouping
  }

  private func readBound(_ reader: MappingReader, into rule: inout Rule) {
    let sides = Bound.Side.allCases.filter { reader.has($0.rawValue) }
    if sides.isEmpty {
      // An event is bad by itself; so is an open circuit, an unhealthy agent.
      if ![.failureEvent, .circuitOpen, .agentUnhealthy].contains(rule.signal) {
        log.note(reader.mark, "the rule has no bound", "write above, at_least, below or at_most")
      }
      return
    }
    for side in sides.dropFirst() {
      let mark = reader.entry(side.rawValue)?.mark ?? reader.mark
      log.note(mark, "a rule has one bound; \(sides[0].rawValue) is there already")
    }
    if let threshold = reader.number(sides[0].rawValue) { rule.bound = Bound(sides[0], threshold) }
  }

  private func readSample(_ reader: MappingReader, into rule: inout Rule) {
    if let window = reader.duration("window", .seconds(5) ... .minutes(30)) { rule.window = window }
    if let count = reader.count("min_handoffs") { rule.leastHandoffs = count }
    if let count = reader.count("min_failures") { rule.leastFailures = count }
    if let policy: Rule.NoData = reader.word("no_data", "policy") { rule.noData = policy }
    refuse("window", of: reader, unless: rule.signal.hasWindow, "\(rule.signal.rawValue) has no window")
    refuse(
      "min_handoffs", of: reader, unless: rule.signal.hasSamples,
      "\(rule.signal.rawValue) is no share or average")
    refuse(
      "min_failures", of: reader, unless: rule.signal.hasFailures,
      "\(rule.signal.rawValue) counts no failures")
  }

  private func refuse(_ key: String, of reader: MappingReader, unless isGood: Bool, _ cause: String) {
    guard !isGood, let entry = reader.entry(key) else { return }
    log.note(entry.mark, cause, "leave \(key) out")
  }

  private func readTimes(_ reader: MappingReader, into rule: inout Rule) {
    let range = Duration.zero ... .days(1)
    if let patience = reader.duration("for", range) { rule.patience = patience }
    if let time = reader.duration("keep_firing_for", range) { rule.keepsFiringFor = time }
    if rule.signal == .failureEvent, rule.patience > .zero, let entry = reader.entry("for") {
      log.note(entry.mark, "an event is over at once, so it never lasts", "leave for out")
    }
  }

  private func readTexts(_ reader: MappingReader, into rule: inout Rule) {
    if let entry = reader.entry("labels") {
      for label in MappingReader.free(entry.value, "labels", log) {
        guard let value = text(label, reserved: Self.reserved, reader) else { continue }
        if value.contains("{{") {
          log.note(label.value.mark, "a label is the same for every alert of a rule")
        }
        rule.labels[label.key] = value
      }
    }
    if let entry = reader.entry("annotations") {
      for annotation in MappingReader.free(entry.value, "annotations", log) {
        guard let text = text(annotation, reserved: [], reader) else { continue }
        rule.annotations[annotation.key] = template(text, annotation.value.mark, rule)
      }
    }
    rule.inhibits = reader.texts("inhibits", orOne: true)?.map(\.text) ?? []
  }

  private func text(_ entry: YAMLEntry, reserved: [String], _ reader: MappingReader) -> String? {
    guard isName(entry.key), entry.key.utf8.count <= 128 else {
      log.note(entry.mark, "a name has letters, digits and underscores and begins with no digit")
      return nil
    }
    guard !reserved.contains(entry.key) else {
      log.note(entry.mark, "the label \(entry.key) is set by the sidecar")
      return nil
    }
    return reader.text(entry)?.text
  }

  private func template(_ text: String, _ mark: YAMLMark, _ rule: Rule) -> Template? {
    let labels = rule.grouping.labels + rule.labels.keys.sorted()
    do throws(Template.Fault) {
      return try Template(text, labels: labels)
    } catch {
      switch error {
      case .unclosed: log.note(mark, "{{ without }}")
      case .unknown(let name): log.unknown("value", name, at: mark, among: labels + Template.names)
      }
      return nil
    }
  }

  private func checkInhibitions(_ read: [(rule: Rule, node: YAMLNode)]) {
    let names = Set(read.map(\.rule.name)).sorted()
    for (rule, node) in read {
      let mark = node.mapping?.first { $0.key == "inhibits" }?.value.mark ?? node.mark
      for name in rule.inhibits {
        if name == rule.name {
          log.note(mark, "an alert cannot inhibit itself")
        } else if let other = read.first(where: { $0.rule.name == name })?.rule {
          if other.inhibits.contains(rule.name) {
            log.note(mark, "\(rule.name) and \(name) inhibit each other")
          }
        } else {
          log.unknown("alert", name, at: mark, among: names)
        }
      }
    }
  }

  private func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
      switch UnicodeScalar(byte) {
      case "a"..."z", "A"..."Z", "0"..."9", "_": true
      default: false
      }
    }
  }
}
