/// A label of a sample; the name is one of ours, the value may be any text.
public struct Label: Equatable, Sendable {
  /// A legacy name: letters, digits and underscores.
  public var name: String
  /// Any text.
  public var value: String

  /// A label.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// Labels rendered once for all formats, to be put on any number of samples.
public struct LabelSet: Hashable, Sendable {
  /// As the text formats have it, without braces: `to_agent="coder",outcome="failed"`.
  let text: [UInt8]
  /// As protobuf has it: a run of `label` fields.
  let protobuf: [UInt8]

  /// No label at all.
  public static let none = LabelSet([])

  /// Whether there is no label in it.
  public var isEmpty: Bool { text.isEmpty }

  /// The labels, in the order in which they are written.
  public init(_ labels: [Label]) {
    var text: [UInt8] = []
    var protobuf: [UInt8] = []
    for label in labels {
      let value = Escaping.withoutReturns(label.value)
      if !text.isEmpty { text.append(UInt8(ascii: ",")) }
      text.append(contentsOf: "\(label.name)=\"".utf8)
      Escaping.append(value, quotes: true, to: &text)
      text.append(UInt8(ascii: "\""))
      protobuf.append(label: label.name, value, field: 1)
    }
    self.text = text
    self.protobuf = protobuf
  }

  /// One label.
  public init(_ name: String, _ value: String) {
    self.init([Label(name, value)])
  }
}
