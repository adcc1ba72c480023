// YAML as a configuration language: one document, a tree, and every fault with its place.
//
// libyaml scans and parses; this face turns its events into a tree of values. It is stricter than YAML itself, because a
// configuration file is read by people at night: no aliases and anchors (they make bombs, and hide where a value comes
// from), no tags, no second document, no key twice, nothing deeper or longer than the limits. What is merely refused is
// noted as a fault and reading goes on, so that all faults are told at once; after a syntax error there is no going on,
// and the tree holds what came before it.

/// One YAML document: its tree, and everything that is wrong with it.
public struct YAMLDocument: Sendable {
  /// The top of the tree; nil when the document is empty or broken before its first value.
  public let root: YAMLNode?

  /// All faults, in the order of the text; empty for a good document.
  public let faults: [YAMLFault]

  /// Reads a document from UTF-8 text.
  public static func parse(_ text: [UInt8], limits: YAMLLimits = YAMLLimits()) -> YAMLDocument {
    guard text.count <= limits.bytes else {
      let fault = YAMLFault(
        .limit, at: .start, "the document has \(text.count) bytes; at most \(limits.bytes) are read")
      return YAMLDocument(root: nil, faults: [fault])
    }
    var events = EventStream(text)
    var builder = TreeBuilder(limits: limits)
    while !builder.isDone {
      switch events.next() {
      case .success(let event): builder.take(event)
      case .failure(let fault): builder.fail(fault)
      }
    }
    return YAMLDocument(root: builder.root, faults: builder.faults)
  }
}
