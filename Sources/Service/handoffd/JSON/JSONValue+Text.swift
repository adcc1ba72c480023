import Bytes

extension JSONValue {
  /// As JSON, the members of objects by name.
  var json: String { String(decoding: bytes(JSONStyle(sortsNames: true)), as: UTF8.self) }
}
