// The log: one line an event, for a person (text) or a machine (JSON).
//
// A message is written in the source and never holds data; data goes into fields, where it is escaped
// and cut, so that nobody outside can forge a line. Each message is limited to ten lines a second; what
// is held back is counted, and the count written when the second is over.
import Synchronization

/// Where this process tells what it does.
public final class Log: Sendable {
  /// How much a line matters.
  public enum Level: Int, Comparable, CaseIterable, Sendable {
    case error
    case warning
    case info
    case debug

    /// As written in a line and in the configuration.
    public var name: String {
      switch self {
      case .error: "error"
      case .warning: "warning"
      case .info: "info"
      case .debug: "debug"
      }
    }

    /// Errors come first.
    public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  /// How a line looks.
  public enum Format: String, CaseIterable, Sendable {
    /// `time LEVEL message key=value`.
    case text
    /// An object a line.
    case json
  }

  private let format: Format
  private let time: any TimeSource
  private let sink: @Sendable (String) -> Void
  private let level: Atomic<Int>
  private let budget = Guarded(LogBudget())

  /// A log of lines up to `level`; each goes to `sink`, by default standard error.
  public init(
    level: Level = .info, format: Format = .text, time: any TimeSource = SystemTime(),
    sink: @escaping @Sendable (String) -> Void = Log.toStandardError
  ) {
    self.level = Atomic(level.rawValue)
    self.format = format
    self.time = time
    self.sink = sink
  }

  /// Writes a line in one piece to standard error; if that fails, nobody can be told.
  public static let toStandardError: @Sendable (String) -> Void = { line in
    try? standardError.write(all: Array(line.utf8))
  }

  /// A log that keeps nothing.
  public static let silent = Log(level: .error, sink: { _ in })

  private static let standardError = FileDescriptor(owning: 2, path: "standard error")

  /// Changes which lines are written, as on a reload.
  public func setLevel(_ level: Level) {
    self.level.store(level.rawValue, ordering: .relaxed)
  }

  /// Writes one line: what was tried, on what, what happened, what happens now.
  public func callAsFunction(
    _ level: Level, _ message: String, _ fields: KeyValuePairs<String, LogValue> = [:]
  ) {
    if level.rawValue > self.level.load(ordering: .relaxed) { return }
    let (allowed, repeated) = budget.withLock { $0.step(level, message, time.now()) }
    write(repeated)
    if allowed {
      sink(LogLine.render(format, time.wall(), level, message, fields.map { ($0.key, $0.value) }))
    }
  }

  /// Writes what is still held back; to be called before the end.
  public func flush() {
    write(budget.withLock { $0.sweep(time.now(), all: true) })
  }

  private func write(_ repeated: [LogBudget.Repeated]) {
    for line in repeated {
      sink(
        LogLine.render(
          format, time.wall(), line.level, "\(line.message) … repeated \(line.count) times",
          [("repeated", .count(line.count))]))
    }
  }
}
