/// What a PromQL expression names: read loosely, as far as names are concerned.
struct Query {
  /// A metric with its matchers and, where there is one, its range.
  struct Selector {
    let metric: String
    let matchers: [(label: String, isRegex: Bool, value: String)]
    let range: String
    /// The function it is given to directly.
    let function: String
  }

  let selectors: [Selector]
  /// The labels that results are grouped by.
  let groupings: [String]
  /// Words that are none of these: functions, operators.
  let words: Set<String>

  init(_ expression: String) {
    let pattern = /([a-zA-Z_:][a-zA-Z0-9_:]*)\{([^}]*)\}(?:\[([^\]]*)\])?/
    let matches = expression.matches(of: pattern)
    selectors = matches.map { match in
      let before = expression[..<match.range.lowerBound]
      let function =
        before.last == "(" ? before.dropLast().reversed().prefix { $0.isLetter || $0 == "_" } : []
      return Selector(
        metric: String(match.output.1), matchers: Self.matchers(match.output.2),
        range: String(match.output.3 ?? ""), function: String(function.reversed()))
    }
    let rest = expression.replacing(pattern, with: "0")
    let grouping = /(?:by|without|on|ignoring) *\(([^)]*)\)/
    groupings = rest.matches(of: grouping).flatMap { match in
      match.output.1.split(separator: ",").map { String($0.trimming()) }
    }
    words = Set(
      rest.replacing(grouping, with: " ").matches(of: /[a-zA-Z_][a-zA-Z0-9_:]*/).map { String($0.output) })
  }

  private static func matchers(_ text: Substring) -> [(label: String, isRegex: Bool, value: String)] {
    text.matches(of: /([a-zA-Z_][a-zA-Z0-9_]*) *(=~|!~|!=|=) *"([^"]*)"/).map {
      (String($0.output.1), $0.output.2.hasSuffix("~"), String($0.output.3))
    }
  }
}

extension Substring {
  fileprivate func trimming() -> Substring {
    var text = drop { $0 == " " }
    while text.last == " " { text = text.dropLast() }
    return text
  }
}
