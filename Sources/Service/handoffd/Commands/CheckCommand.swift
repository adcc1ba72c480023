import Configuration

/// `handoffd check`: validates what `serve` would run with.
struct CheckCommand {
  let program: Program

  func run(_ all: [String]) -> Int32 {
    var arguments = all
    let tried: String?
    switch Self.takeTrial(from: &arguments) {
    case .success(let name): tried = name
    case .failure(let wrong): return program.wrongUsage(wrong.reason)
    }
    return program.run(
      Settings.check, arguments, orElse: "serve would not start with this",
      faulty: { $0.isWrongUsage ? Program.Exit.wrongUsage : Program.Exit.failed },
      { loaded in
        program.console.print(report(loaded))
        program.console.error(loaded.settings.warnings.map { "warning: \($0)\n" }.joined())
        return ReceiverCheck(program: program, settings: loaded.settings).run(sendingTo: tried)
      })
  }

  /// Takes `--send-test NAME` out of the arguments: it is no setting of serve.
  private static func takeTrial(from arguments: inout [String]) -> Result<String?, WrongWord> {
    let flag = "--send-test"
    guard let place = arguments.firstIndex(where: { $0 == flag || $0.hasPrefix(flag + "=") }) else {
      return .success(nil)
    }
    let word = arguments.remove(at: place)
    if word != flag { return .success(String(word.dropFirst(flag.count + 1))) }
    guard place < arguments.count else {
      return .failure(WrongWord(reason: "--send-test needs the name of a receiver"))
    }
    return .success(arguments.remove(at: place))
  }

  private struct WrongWord: Error {
    var reason: String
  }

  /// Every setting with its value and where that was said.
  private func report(_ loaded: Loaded<Settings>) -> String {
    let width = Settings.options.map(\.name.count).max() ?? 0
    let lines = loaded.effective.flatMap { setting in
      setting.values.enumerated().map { index, value in
        let name = index == 0 ? setting.name : ""
        return
          "  \(name)\(String(repeating: " ", count: width - name.count))  \(value.text)  (\(value.origin))"
      }
    }
    return "The configuration is good. serve would run with\n\(lines.joined(separator: "\n"))\n"
  }
}
