/// How much YAML is read before the document is refused.
public struct YAMLLimits: Sendable {
  /// Length of the text.
  public var bytes: Int
  /// Nesting of sequences and mappings.
  public var depth: Int
  /// Number of values, counting keys.
  public var nodes: Int
  /// Faults told before reading stops.
  public var faults: Int

  /// Limits that no honest configuration file comes near.
  public init(bytes: Int = 1 << 20, depth: Int = 32, nodes: Int = 100_000, faults: Int = 50) {
    self.bytes = bytes
    self.depth = depth
    self.nodes = nodes
    self.faults = faults
  }
}
