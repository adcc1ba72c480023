import Alerts
import Configuration
import Delivery
import Wording

/// What `handoffd check` says of rules and receivers, once the settings are good.
struct ReceiverCheck {
  let program: Program
  let settings: Settings

  /// Looks at the files of all receivers; sends one test notification if asked to.
  func run(sendingTo name: String?) -> Int32 {
    guard let rules = RuleSet.read(settings.rules, program.files) else { return Program.Exit.failed }
    var isGood = true
    for receiver in rules.receivers {
      for fault in trial(receiver, rules).faults {
        isGood = false
        program.console.error("receiver \(Printable.plain(receiver.name)): \(fault)\n")
      }
    }
    let count = rules.receivers.count
    program.console.print(
      "\(rules.rules.count) rules, \(count) receiver\(count == 1 ? "" : "s").\n")
    if let name { isGood = send(to: name, rules) && isGood }
    return isGood ? Program.Exit.done : Program.Exit.failed
  }

  private func trial(_ receiver: Receiver, _ rules: RuleSet) -> ReceiverTrial {
    ReceiverTrial(receiver, externalURL: rules.externalURL ?? "http://127.0.0.1:9797", time: program.time)
  }

  private func send(to name: String, _ rules: RuleSet) -> Bool {
    guard let receiver = rules.receivers.first(where: { $0.name == name }) else {
      let guess = Spelling.nearest(to: name, among: rules.receivers.map(\.name)).map {
        "; did you mean \($0)?"
      }
      program.console.error("there is no receiver \(Printable.quote(name))\(guess ?? "")\n")
      return false
    }
    let reasons = trial(receiver, rules).send()
    for reason in reasons { program.console.error("cannot notify \(Printable.plain(name)): \(reason)\n") }
    if reasons.isEmpty {
      program.console.print("A test notification was sent to \(Printable.plain(name)).\n")
    }
    return reasons.isEmpty
  }
}
