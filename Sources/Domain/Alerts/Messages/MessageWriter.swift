import Bytes

extension JSONWriter {
  /// A writer of messages, whose receivers have only ever seen what Go writes.
  static var ofMessage: JSONWriter { JSONWriter(escaping: .likeGo) }

  /// A mapping in the order of its keys.
  mutating func member(_ name: String, _ values: [String: String]) {
    key(name)
    object { text in for (key, value) in values.sorted(by: { $0.key < $1.key }) { text.member(key, value) } }
  }
}
