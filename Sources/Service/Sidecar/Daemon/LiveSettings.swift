import Configuration
import Platform

/// The settings in force, and how they are read anew.
final class LiveSettings: Sendable {
  private let settings: Guarded<Settings>
  private let read: Sidecar.Reload
  private let hook = Guarded<(@Sendable (Settings) -> Void)?>(nil)
  private let record: ReloadRecord
  private let time: any TimeSource
  private let log: Log

  init(
    _ settings: Settings, reload: @escaping Sidecar.Reload, record: ReloadRecord, time: any TimeSource,
    log: Log
  ) {
    self.settings = Guarded(settings)
    read = reload
    self.record = record
    self.time = time
    self.log = log
  }

  /// Called with the settings in force after each reload that succeeded.
  func onReload(_ body: @escaping @Sendable (Settings) -> Void) { hook.withLock { $0 = body } }

  /// The settings in force.
  var current: Settings { settings.withLock { $0 } }

  /// Reads the settings anew; faulty ones change nothing.
  func reload() -> ReloadOutcome {
    switch read() {
    case .failure(let faults):
      record.note(false, at: time.wall())
      for fault in faults.faults {
        log(
          .error, "cannot reload: the configuration is faulty; the old one stays in force",
          ["fault": .of(fault)])
      }
      return .faulty(faults.faults.map(\.description))
    case .success(let new):
      record.note(true, at: time.wall())
      let (atOnce, afterRestart) = take(new)
      hook.withLock { $0 }?(current)
      for warning in new.warnings { log.tell(warning) }
      log(
        .info, "reloaded the configuration",
        [
          "changed": .text(atOnce.joined(separator: " ")),
          "needs_restart": .text(afterRestart.joined(separator: " ")),
        ])
      return .changed(atOnce: atOnce, afterRestart: afterRestart)
    }
  }

  private func take(_ new: Settings) -> (atOnce: [String], afterRestart: [String]) {
    let difference = settings.withLock { settings in
      let difference = settings.difference(to: new)
      settings.takeOver(new)
      return difference
    }
    log.setLevel(new.logLevel)
    return difference
  }
}

extension Log {
  /// Tells what is unwise about the configuration.
  func tell(_ warning: ConfigurationFault) {
    self(.warning, "the configuration has a weakness; it is used as it is", ["warning": .of(warning)])
  }
}
