import Wording

/// The command line: flags with values, words without flags.
struct CommandLineLayer<Target: CommandSettings> {
  /// What the command line says.
  struct Outcome {
    var layer = ConfigurationLayer()
    var operands: [String] = []
    var asksForHelp = false
  }

  let form: CommandLineForm<Target>

  func read(_ arguments: [String]) -> Outcome {
    var outcome = Outcome()
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if word == "--" {
        for operand in rest { take(operand: operand, &outcome) }
        break
      } else if word == "--help" || word == "-h" || word == "-help" {
        outcome.asksForHelp = true
      } else if word.hasPrefix("-"), word != "-" {
        take(flag: word, &rest, &outcome)
      } else {
        take(operand: word, &outcome)
      }
    }
    return outcome
  }

  private func take(operand: String, _ outcome: inout Outcome) {
    outcome.operands.append(operand)
    guard outcome.operands.count > form.mostOperands else { return }
    let guess = Spelling.nearest(to: operand, among: Target.options.map(\.name)).map {
      "did you mean --\($0)?"
    }
    let expected =
      form.mostOperands == 0
      ? "no words without a flag"
      : "at most \(form.mostOperands) \(form.mostOperands == 1 ? "word" : "words") without a flag"
    let fault = ConfigurationFault(
      .usage, at: .word(operand), "handoffd \(form.subcommand.rawValue) takes \(expected)", hint: guess)
    outcome.layer.faults.append(fault)
  }

  private func take(flag word: String, _ rest: inout ArraySlice<String>, _ outcome: inout Outcome) {
    let bare = word.drop { $0 == "-" }
    let name = String(bare.prefix { $0 != "=" })
    guard word.hasPrefix("--"), let option = form.option(named: name) else {
      return outcome.layer.faults.append(unknown(word, name))
    }
    let origin = Origin.flag(name)
    guard option.isRepeatable || !outcome.layer.givens.contains(where: { $0.name == name }) else {
      _ = value(option, bare, &rest)
      return outcome.layer.faults.append(
        ConfigurationFault(.usage, at: origin, "given twice", hint: "say it once"))
    }
    guard let value = value(option, bare, &rest) else {
      let fault = ConfigurationFault(
        .usage, at: origin, "a value is missing", hint: "write --\(name) \(option.placeholder)")
      return outcome.layer.faults.append(fault)
    }
    outcome.layer.givens.append(Given(name: name, text: value, origin: origin))
  }

  /// The value behind "=", else the next word; a toggle needs none.
  private func value(_ option: Option<Target>, _ bare: Substring, _ rest: inout ArraySlice<String>) -> String?
  {
    if let equals = bare.firstIndex(of: "=") { return String(bare[bare.index(after: equals)...]) }
    if option.isToggle { return "true" }
    guard let next = rest.first, !next.hasPrefix("--") else { return nil }
    return rest.popFirst()
  }

  private func unknown(_ word: String, _ name: String) -> ConfigurationFault {
    let shown = Origin.word(String(word.prefix { $0 != "=" }))
    let names = Target.options.map(\.name) + ["help"]
    if names.contains(name) {
      return ConfigurationFault(.usage, at: shown, "flags begin with two dashes", hint: "write --\(name)")
    }
    let subcommand = form.subcommand.rawValue
    if OptionCatalogue.all[name] != nil {
      return ConfigurationFault(
        .usage, at: shown, "handoffd \(subcommand) has no such flag; another subcommand has")
    }
    let guess = Spelling.nearest(to: name, among: names).map { "did you mean --\($0)?" }
    return ConfigurationFault(.usage, at: shown, "handoffd \(subcommand) has no such flag", hint: guess)
  }
}
