import Wording
import YAML

/// Collects what is wrong while a file is read.
final class FaultLog {
  private(set) var faults: [RuleFault] = []

  func note(_ mark: YAMLMark, _ cause: String, _ hint: String? = nil) {
    faults.append(RuleFault(line: mark.line, column: mark.column, cause: cause, hint: hint))
  }

  /// Says that a word is not one of a list, and which one was probably meant.
  func unknown(_ what: String, _ word: String, at mark: YAMLMark, among words: [String]) {
    let guess = Spelling.nearest(to: word, among: words).map { "did you mean \($0)?" }
    note(mark, "there is no \(what) \(Printable.quote(word))", guess ?? Self.listing(words))
  }

  private static func listing(_ words: [String]) -> String? {
    words.isEmpty || words.count > 8 ? nil : "there is \(words.joined(separator: ", "))"
  }
}

/// Reads the values of one mapping by their keys, and notes what does not belong.
struct MappingReader {
  /// What it is, as messages call it.
  let name: String
  /// Where it begins.
  let mark: YAMLMark
  let log: FaultLog
  private let entries: [YAMLEntry]

  /// The mapping that a node is; nil, with a fault, if it is none.
  init?(_ node: YAMLNode, _ name: String, keys: [String], _ log: FaultLog) {
    guard let entries = node.mapping else {
      log.note(node.mark, "\(name) must be a mapping of keys to values")
      return nil
    }
    for entry in entries where !keys.contains(entry.key) {
      log.unknown("key", entry.key, at: entry.mark, among: keys)
    }
    self.name = name
    self.log = log
    self.entries = entries
    mark = node.mark
  }

  func entry(_ key: String) -> YAMLEntry? { entries.first { $0.key == key } }

  func has(_ key: String) -> Bool { entry(key) != nil }

  /// The keys and values of a mapping whose keys are free.
  static func free(_ node: YAMLNode, _ name: String, _ log: FaultLog) -> [YAMLEntry] {
    if let entries = node.mapping { return entries }
    if node.scalar?.isNull != true { log.note(node.mark, "\(name) must be a mapping of names to texts") }
    return []
  }

  /// The text of a key; a fault if it is required and missing, or no text.
  func text(_ key: String, required: Bool = false) -> (text: String, mark: YAMLMark)? {
    guard let entry = entry(key) else {
      if required { log.note(mark, "\(name) has no \(key)") }
      return nil
    }
    return text(entry)
  }

  func text(_ entry: YAMLEntry) -> (text: String, mark: YAMLMark)? {
    guard let scalar = entry.value.scalar, !scalar.isNull, !scalar.text.isEmpty else {
      log.note(entry.value.mark, "\(Printable.plain(entry.key, limit: 80)) must be a text")
      return nil
    }
    guard scalar.text.unicodeScalars.allSatisfy({ $0 == "\n" || $0.properties.generalCategory != .control })
    else {
      log.note(entry.value.mark, "\(Printable.plain(entry.key, limit: 80)) holds control characters")
      return nil
    }
    return (scalar.text, entry.value.mark)
  }

  /// The word of a closed list.
  func word<Word: RawRepresentable<String> & CaseIterable>(_ key: String, _ what: String) -> Word? {
    guard let (text, mark) = text(key) else { return nil }
    if let word = Word(rawValue: text) { return word }
    log.unknown(what, text, at: mark, among: Word.allCases.map(\.rawValue))
    return nil
  }

  /// A duration within a range.
  func duration(_ key: String, _ range: ClosedRange<Duration>) -> Duration? {
    guard let (text, mark) = text(key) else { return nil }
    do throws(ValueFault) {
      let duration = try DurationText.read(text)
      if range.contains(duration) { return duration }
      let (low, high) = (DurationText.show(range.lowerBound), DurationText.show(range.upperBound))
      log.note(mark, "\(key) must be from \(low) to \(high)")
    } catch {
      log.note(mark, "cannot use \(Printable.quote(text)) as \(key): \(error.cause)", error.hint)
    }
    return nil
  }

  /// A finite number.
  func number(_ key: String) -> Double? {
    guard let (text, mark) = text(key) else { return nil }
    if let scalar = entry(key)?.value.scalar, let number = Self.number(scalar) { return number }
    let hint = text.hasSuffix("%") ? "write a share of 1, such as 0.8 for 80 %" : nil
    log.note(mark, "cannot use \(Printable.quote(text)) as \(key): it is not a number", hint)
    return nil
  }

  /// The finite number that a scalar is.
  static func number(_ scalar: YAMLScalar) -> Double? {
    guard !scalar.isQuoted, let number = Double(scalar.text), number.isFinite else { return nil }
    return scalar.text.lowercased().contains("x") ? nil : number
  }

  /// A whole number from 0 on.
  func count(_ key: String) -> Int? {
    guard let (text, mark) = text(key) else { return nil }
    if let count = Int(text), (0...1_000_000_000).contains(count) { return count }
    log.note(mark, "cannot use \(Printable.quote(text)) as \(key): it is not a whole number from 0 on")
    return nil
  }

  /// `true` or `false`.
  func flag(_ key: String) -> Bool? {
    guard let entry = entry(key) else { return nil }
    if let flag = entry.value.scalar?.boolean { return flag }
    log.note(entry.value.mark, "\(key) must be true or false")
    return nil
  }

  /// A list of texts; a single text counts as a list of one where that is allowed.
  func texts(_ key: String, orOne: Bool = false) -> [(text: String, mark: YAMLMark)]? {
    guard let entry = entry(key) else { return nil }
    if orOne, entry.value.scalar != nil { return text(entry).map { [$0] } }
    guard let nodes = entry.value.sequence else {
      log.note(entry.value.mark, "\(key) must be a list, such as [a, b]")
      return nil
    }
    return nodes.compactMap { node in
      guard let scalar = node.scalar, !scalar.isNull, !scalar.text.isEmpty else {
        log.note(node.mark, "an element of \(key) must be a text")
        return nil
      }
      return (scalar.text, node.mark)
    }
  }
}
