import Bytes

extension JSONValue {
  /// As JSON, the members of objects by name.
  var json: String {
    var writer = JSONWriter()
    write(to: &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private func write(to writer: inout JSONWriter) {
    switch self {
    case .null: writer.null()
    case .boolean(let flag): writer.flag(flag)
    case .number(let number): writer.number(number)
    case .text(let text): writer.text(text)
    case .array(let elements): writer.array(elements) { $1.write(to: &$0) }
    case .object(let members):
      writer.object {
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
          $0.key(name)
          value.write(to: &$0)
        }
      }
    }
  }
}
