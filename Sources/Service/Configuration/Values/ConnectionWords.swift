import Wording

/// libpq's other form: `host=db.example port=5432 password='a b'`.
enum ConnectionWords {
  static func read(_ text: String) throws(ValueFault) -> [(name: String, value: String)] {
    let hint = "write postgresql://user@host:5432/database or host=… dbname=…"
    var rest = Substring(text)
    var words: [(name: String, value: String)] = []
    while let word = try next(&rest, hint) { words.append(word) }
    guard !words.isEmpty else { throw ValueFault("it is empty", hint: hint) }
    return words
  }

  private static func next(_ rest: inout Substring, _ hint: String) throws(ValueFault) -> (
    name: String, value: String
  )? {
    rest = rest.drop(while: \.isWhitespace)
    guard !rest.isEmpty else { return nil }
    let name = rest.prefix { $0 != "=" && !$0.isWhitespace }
    rest = rest.dropFirst(name.count).drop(while: \.isWhitespace)
    guard rest.first == "=", !name.isEmpty else {
      throw ValueFault("it is neither a PostgreSQL URI nor key=value pairs", hint: hint)
    }
    rest = rest.dropFirst().drop(while: \.isWhitespace)
    return (String(name), try rest.first == "'" ? quoted(&rest) : plain(&rest))
  }

  private static func plain(_ rest: inout Substring) -> String {
    var value = ""
    while let character = rest.first, !character.isWhitespace {
      rest.removeFirst()
      value.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
    }
    return value
  }

  private static func quoted(_ rest: inout Substring) throws(ValueFault) -> String {
    rest.removeFirst()
    var value = ""
    while let character = rest.popFirst() {
      if character == "'" { return value }
      value.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
    }
    throw ValueFault("a quote is not closed")
  }
}
