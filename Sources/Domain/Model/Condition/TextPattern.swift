// Regular expressions that mean the same here as in PostgreSQL, and that no text makes slow.
//
// What is known is what both sides agree on: characters, `.`, classes, groups, alternatives, counts, `^` and `$`. Whether
// such an expression is found in a text does not depend on which match is looked for first, so a set of states that walks
// along the text (Thompson) answers as PostgreSQL's engine does, in a time that grows with the text alone: whoever writes
// a text cannot hold up the fold, as he could with an engine that goes back. What only one side knows, or both mean
// differently (back-references, look-around, options, classes by name), is no pattern.

/// A regular expression over characters, made ready to be looked for.
public struct TextPattern: Sendable {
  /// One step of the walk.
  enum Step: Sendable {
    /// Takes one character.
    case one(CharacterClass)
    /// Goes on in two places.
    case fork(Int, Int)
    case jump(Int)
    /// Holds at the beginning, or at the end, of the text.
    case begin, end
    case found
  }

  private let steps: [Step]

  /// The pattern that a text is; nil where it is none, or goes beyond what is known here.
  public init?(_ text: String) {
    var reader = TextPatternReader(text)
    guard let expression = reader.read() else { return nil }
    var steps: [Step] = []
    guard expression.write(into: &steps) else { return nil }
    steps.append(.found)
    self.steps = steps
  }

  /// Whether it is found anywhere in a text.
  public func isFound(in text: some Sequence<UnicodeScalar>) -> Bool {
    var walk = Walk(steps)
    var isFirst = true
    for character in text {
      walk.enter(isAtBeginning: isFirst)
      if walk.isThrough { return true }
      walk.take(character)
      isFirst = false
    }
    walk.enter(isAtBeginning: isFirst)
    walk.end()
    return walk.isThrough
  }

  /// The places where a match that began somewhere may stand now.
  private struct Walk {
    let steps: [Step]
    private var places: [Int] = []
    private var isIn: [Bool]
    private(set) var isThrough = false
    private var isAtBeginning = false
    private var isAtEnd = false

    init(_ steps: [Step]) {
      self.steps = steps
      isIn = Array(repeating: false, count: steps.count)
    }

    /// A match may begin here.
    mutating func enter(isAtBeginning: Bool) {
      self.isAtBeginning = isAtBeginning
      reach(0)
    }

    mutating func take(_ character: UnicodeScalar) {
      isAtBeginning = false
      let before = places
      for place in before { isIn[place] = false }
      places.removeAll(keepingCapacity: true)
      for place in before {
        if case .one(let characters) = steps[place], characters.contains(character) { reach(place + 1) }
      }
    }

    /// There is nothing more.
    mutating func end() {
      isAtEnd = true
      for place in places {
        if case .end = steps[place] { reach(place + 1) }
      }
    }

    private mutating func reach(_ start: Int) {
      var open = [start]
      while let place = open.popLast() {
        guard !isIn[place] else { continue }
        isIn[place] = true
        places.append(place)
        switch steps[place] {
        case .one: break
        case .fork(let one, let other): open += [other, one]
        case .jump(let next): open.append(next)
        case .begin: if isAtBeginning { open.append(place + 1) }
        case .end: if isAtEnd { open.append(place + 1) }
        case .found: isThrough = true
        }
      }
    }
  }
}

/// Characters, by ranges of their numbers.
struct CharacterClass: Sendable {
  var ranges: [ClosedRange<UInt32>]
  var isInverted = false

  /// Every character.
  static let any = Self(ranges: [], isInverted: true)
  static let digits = Self(ranges: [48...57])
  static let spaces = Self(ranges: [9...13, 32...32])
  static let wordParts = Self(ranges: [48...57, 65...90, 95...95, 97...122])

  init(ranges: [ClosedRange<UInt32>], isInverted: Bool = false) {
    self.ranges = ranges
    self.isInverted = isInverted
  }

  init(_ character: UnicodeScalar) {
    self.init(ranges: [character.value...character.value])
  }

  func contains(_ character: UnicodeScalar) -> Bool {
    ranges.contains { $0.contains(character.value) } != isInverted
  }
}

/// A regular expression as it is read.
indirect enum TextExpression {
  case one(CharacterClass)
  case begin, end
  case sequence([TextExpression])
  case either([TextExpression])
  /// So many times; nil: as often as there is.
  case times(TextExpression, Int, Int?)

  /// More steps are refused: counts within counts multiply.
  private static let mostSteps = 2_000

  /// Writes the steps that walk it, and go on behind them; false where there would be too many.
  func write(into steps: inout [TextPattern.Step]) -> Bool {
    guard steps.count < Self.mostSteps else { return false }
    switch self {
    case .one(let characters): steps.append(.one(characters))
    case .begin: steps.append(.begin)
    case .end: steps.append(.end)
    case .sequence(let parts): return parts.allSatisfy { $0.write(into: &steps) }
    case .either(let parts): return Self.write(anyOf: parts, into: &steps)
    case .times(let part, let least, let most):
      for _ in 0..<least { guard part.write(into: &steps) else { return false } }
      guard let most else { return part.write(repeatedInto: &steps) }
      return Self.write(optional: part, most - least, into: &steps)
    }
    return true
  }

  private static func write(anyOf parts: [Self], into steps: inout [TextPattern.Step]) -> Bool {
    var exits: [Int] = []
    for part in parts.dropLast() {
      let fork = steps.count
      steps.append(.found)
      guard part.write(into: &steps) else { return false }
      exits.append(steps.count)
      steps.append(.found)
      steps[fork] = .fork(fork + 1, steps.count)
    }
    guard parts.last?.write(into: &steps) ?? true else { return false }
    for exit in exits { steps[exit] = .jump(steps.count) }
    return true
  }

  private func write(repeatedInto steps: inout [TextPattern.Step]) -> Bool {
    let fork = steps.count
    steps.append(.found)
    guard write(into: &steps) else { return false }
    steps.append(.jump(fork))
    steps[fork] = .fork(fork + 1, steps.count)
    return true
  }

  private static func write(
    optional part: Self, _ times: Int, into steps: inout [TextPattern.Step]
  ) -> Bool {
    var forks: [Int] = []
    for _ in 0..<times {
      forks.append(steps.count)
      steps.append(.found)
      guard part.write(into: &steps) else { return false }
    }
    for fork in forks { steps[fork] = .fork(fork + 1, steps.count) }
    return true
  }
}
