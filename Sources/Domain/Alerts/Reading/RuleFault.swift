/// One thing that is wrong with a file of rules, and where.
public struct RuleFault: Error, Hashable, Sendable {
  /// The line, from 1.
  public var line: Int
  /// The column, from 1.
  public var column: Int
  /// Why it cannot be.
  public var cause: String
  /// What would be right.
  public var hint: String?

  /// `line:column: <cause>; <hint>`; the name of the file goes before.
  public var description: String {
    "\(line):\(column): \(cause)" + (hint.map { "; \($0)" } ?? "")
  }
}

/// All faults of one file, in the order of the text.
public struct RuleFaults: Error, Equatable, Sendable {
  /// The faults; never empty.
  public var faults: [RuleFault]
}
