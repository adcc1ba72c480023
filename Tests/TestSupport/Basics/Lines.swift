import Platform

/// Collects what a log writes.
public final class Lines: Sendable {
  private let lines = Guarded<[String]>([])

  /// Nothing yet.
  public init() {}

  /// Takes a line.
  public func add(_ line: String) { lines.withLock { $0.append(line) } }

  /// Everything so far.
  public var all: [String] { lines.withLock { $0 } }

  /// Whether a line holds `text`.
  public func hold(_ text: String) -> Bool { all.contains { $0.contains(text) } }
}
