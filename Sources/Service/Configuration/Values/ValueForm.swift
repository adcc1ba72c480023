import Wording

/// How values of one kind are written: how they are read from text, shown, and named in help.
struct ValueForm<Value: Equatable & Sendable>: Sendable {
  /// What help puts in the place of the value, such as `DURATION`.
  var placeholder: String
  /// What may be written, for the documentation.
  var grammar: String
  /// Whether the text must never be printed.
  var isSecret = false
  /// Reads a value.
  var read: @Sendable (String) throws(ValueFault) -> Value
  /// Writes a value in the way that `read` reads it; a secret without its secrets.
  var show: @Sendable (Value) -> String
}

extension ValueForm where Value == String {
  /// Any text without control characters.
  static func text(_ placeholder: String) -> ValueForm {
    ValueForm(
      placeholder: placeholder, grammar: "text", read: { text throws(ValueFault) in try plain(text) },
      show: { $0 })
  }

  /// A path in the file system.
  static func path(_ placeholder: String) -> ValueForm {
    ValueForm(placeholder: placeholder, grammar: "path", read: readPath, show: { $0 })
  }

  /// A name of letters, digits and `. _ : -`.
  static func name(_ placeholder: String, atMost limit: Int) -> ValueForm {
    ValueForm(
      placeholder: placeholder, grammar: "1 to \(limit) of `A-Z a-z 0-9 . _ : -`",
      read: { text throws(ValueFault) in try readName(text, limit) }, show: { $0 })
  }

  private static func readPath(_ text: String) throws(ValueFault) -> String {
    let path = try plain(text)
    guard !path.hasPrefix("~") else {
      throw ValueFault("\"~\" is not expanded here", hint: "write the whole path")
    }
    guard path.utf8.count <= 4095 else { throw ValueFault("a path has at most 4095 bytes") }
    return path
  }

  private static func readName(_ text: String, _ limit: Int) throws(ValueFault) -> String {
    let isName = text.utf8.allSatisfy { byte in
      switch UnicodeScalar(byte) {
      case "a"..."z", "A"..."Z", "0"..."9", ".", "_", ":", "-": true
      default: false
      }
    }
    guard isName, !text.isEmpty, text.utf8.count <= limit else {
      throw ValueFault("a name has 1 to \(limit) letters, digits, dots, colons, dashes or underscores")
    }
    return text
  }

  private static func plain(_ text: String) throws(ValueFault) -> String {
    guard !text.isEmpty else { throw ValueFault("it is empty") }
    guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
      throw ValueFault("control characters are not allowed")
    }
    return text
  }
}

extension ValueForm where Value == Bool {
  /// `true` or `false`.
  static let toggle = ValueForm(
    placeholder: "", grammar: "`true` or `false`",
    read: { text throws(ValueFault) in
      switch text.lowercased() {
      case "true", "1": return true
      case "false", "0": return false
      default: throw ValueFault("it is neither true nor false", hint: "write true or false")
      }
    },
    show: { $0 ? "true" : "false" })
}

extension ValueForm where Value == Int {
  /// A whole number within a range.
  static func count(_ placeholder: String, _ range: ClosedRange<Int>) -> ValueForm {
    ValueForm(
      placeholder: placeholder, grammar: "\(range.lowerBound) to \(range.upperBound)",
      read: { text throws(ValueFault) in
        guard let number = Int(text), range.contains(number) else {
          throw ValueFault("it is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
      },
      show: { String($0) })
  }
}

extension ValueForm where Value: CaseIterable {
  /// One of a few words.
  static func choice(_ word: @escaping @Sendable (Value) -> String) -> ValueForm {
    let words = Value.allCases.map(word)
    return ValueForm(
      placeholder: words.joined(separator: "|"), grammar: words.map { "`\($0)`" }.joined(separator: ", "),
      read: { text throws(ValueFault) in
        if let value = Value.allCases.first(where: { word($0) == text }) { return value }
        let guess = Spelling.nearest(to: text, among: words).map { "did you mean \($0)?" }
        throw ValueFault("it is none of \(words.joined(separator: ", "))", hint: guess)
      },
      show: word)
  }
}

extension ValueForm where Value == Duration {
  /// A duration within a range.
  static func duration(_ range: ClosedRange<Duration>) -> ValueForm {
    ranged(range, "DURATION", "duration", read: DurationText.read, show: DurationText.show)
  }
}

extension ValueForm where Value: Comparable & Sendable {
  /// What has a written form of its own, within a range.
  static func ranged(
    _ range: ClosedRange<Value>, _ placeholder: String, _ noun: String,
    read: @escaping @Sendable (String) throws(ValueFault) -> Value,
    show: @escaping @Sendable (Value) -> String
  ) -> ValueForm {
    let low = show(range.lowerBound)
    let high = show(range.upperBound)
    return ValueForm(
      placeholder: placeholder, grammar: "\(noun), \(low) to \(high)",
      read: { text throws(ValueFault) in
        let value = try read(text)
        guard range.contains(value) else { throw ValueFault("it must be from \(low) to \(high)") }
        return value
      },
      show: show)
  }
}
