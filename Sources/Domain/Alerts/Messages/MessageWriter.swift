import Bytes

extension JSONWriter {
  /// A writer of messages, whose receivers have only ever seen what Go writes.
  static var ofMessage: JSONWriter { JSONWriter(escaping: .likeGo) }
}
