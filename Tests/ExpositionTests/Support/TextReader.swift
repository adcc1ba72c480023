/// Reads a page of either text format, strictly, knowing nothing of how it was written.
struct TextReader {
  private(set) var families: [ReadFamily] = []
  private let isOpenMetrics: Bool

  init(_ page: [UInt8], isOpenMetrics: Bool) throws {
    self.isOpenMetrics = isOpenMetrics
    guard let text = String(validating: page, as: UTF8.self) else { throw ReadingFault("not UTF-8") }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.popLast() == "" else { throw ReadingFault("no line feed at the end") }
    if isOpenMetrics, lines.popLast() != "# EOF" { throw ReadingFault("no # EOF at the end") }
    for line in lines { try read(line) }
  }

  private mutating func read(_ line: Substring) throws {
    if line.hasPrefix("# ") { return try readComment(line.dropFirst(2)) }
    guard !families.isEmpty else { throw ReadingFault("sample without family: \(line)") }
    families[families.count - 1].samples.append(try sample(line))
  }

  private mutating func readComment(_ comment: Substring) throws {
    let parts = comment.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else { throw ReadingFault("strange comment: \(comment)") }
    if families.last?.name != parts[1] {
      guard !families.contains(where: { $0.name == parts[1] }) else {
        throw ReadingFault("twice: \(parts[1])")
      }
      families.append(ReadFamily(name: parts[1]))
    }
    let last = families.count - 1
    switch parts[0] {
    case "TYPE": families[last].type = parts[2]
    case "UNIT" where isOpenMetrics: families[last].unit = parts[2]
    case "HELP": families[last].help = try unescaped(parts[2], quotes: isOpenMetrics)
    default: throw ReadingFault("strange comment: \(comment)")
    }
  }

  private func sample(_ line: Substring) throws -> ReadSample {
    var rest = line
    let name = String(rest.prefix { $0 != "{" && $0 != " " })
    rest = rest.dropFirst(name.count)
    let labels = rest.hasPrefix("{") ? try self.labels(&rest) : []
    guard rest.hasPrefix(" ") else { throw ReadingFault("no blank before the value: \(line)") }
    let parts = rest.dropFirst().split(separator: " # ", maxSplits: 1)
    guard let first = parts.first, let value = number(first) else { throw ReadingFault("no value: \(line)") }
    guard parts.count == 1 || isOpenMetrics else { throw ReadingFault("exemplar in text: \(line)") }
    return ReadSample(
      name: name, labels: labels, value: value, exemplar: parts.count > 1 ? String(parts[1]) : nil)
  }

  private func labels(_ rest: inout Substring) throws -> [String] {
    var labels: [String] = []
    repeat {
      rest = rest.dropFirst()
      let name = rest.prefix { $0 != "=" }
      rest = rest.dropFirst(name.count)
      guard rest.hasPrefix("=\"") else { throw ReadingFault("label without value: \(rest)") }
      rest = rest.dropFirst(2)
      labels.append("\(name)=\(try unescaped(quoted(&rest), quotes: true))")
    } while rest.hasPrefix(",")
    guard rest.hasPrefix("}") else { throw ReadingFault("labels do not end: \(rest)") }
    rest = rest.dropFirst()
    return labels
  }

  private func quoted(_ rest: inout Substring) -> String {
    var value = ""
    while let character = rest.unicodeScalars.popFirst(), character != "\"" {
      value.unicodeScalars.append(character)
      if character == "\\", let next = rest.unicodeScalars.popFirst() { value.unicodeScalars.append(next) }
    }
    return value
  }

  private func unescaped(_ text: String, quotes: Bool) throws -> String {
    var result = ""
    var scalars = text.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      guard scalar == "\\" else {
        result.unicodeScalars.append(scalar)
        continue
      }
      switch scalars.popFirst() {
      case "n": result += "\n"
      case "\\": result += "\\"
      case "\"" where quotes: result += "\""
      default: throw ReadingFault("undefined escape in \(text)")
      }
    }
    return result
  }

  private func number(_ text: Substring) -> Double? {
    switch text {
    case "NaN": .nan
    case "+Inf": .infinity
    case "-Inf": -.infinity
    default: text.contains { !"0123456789+-.e".contains($0) } ? nil : Double(text)
    }
  }
}
