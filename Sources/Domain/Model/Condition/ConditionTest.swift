/// One test of a condition, made ready to be asked often.
///
/// It answers as the database does: texts are compared byte by byte, and what is not told passes no test.
public struct ConditionTest: Sendable {
  /// What it looks at.
  public let field: HandoffCondition.Field
  private let relation: HandoffCondition.Operator
  private let texts: [[UInt8]]
  private let numbers: [Double]
  private let pattern: TextPattern?

  /// A test; nil where its regular expression goes beyond what is known here (`TextPattern`).
  public init?(
    _ field: HandoffCondition.Field, _ relation: HandoffCondition.Operator,
    _ operands: [HandoffCondition.Operand]
  ) {
    self.field = field
    self.relation = relation
    texts = operands.compactMap { if case .text(let text) = $0 { Array(text.utf8) } else { nil } }
    numbers = operands.compactMap { if case .number(let number) = $0 { number } else { nil } }
    pattern = relation == .regex ? TextPattern(String(decoding: texts.first ?? [], as: UTF8.self)) : nil
    if relation == .regex, pattern == nil { return nil }
  }

  /// Whether another asks the same.
  public func asksSame(as other: Self) -> Bool {
    field == other.field && relation == other.relation && texts == other.texts && numbers == other.numbers
  }

  /// Whether a text passes.
  public func passes(_ text: some Collection<UInt8>) -> Bool {
    switch relation {
    case .equals, .in: texts.contains { $0.elementsEqual(text) }
    case .contains: texts.contains { Self.contains(Array(text), $0) }
    case .regex: pattern?.isFound(in: String(decoding: text, as: UTF8.self).unicodeScalars) ?? false
    case .greaterThan, .lessThan: false
    }
  }

  /// Whether a number passes.
  public func passes(_ number: Double) -> Bool {
    switch relation {
    case .equals, .in: numbers.contains(number)
    case .greaterThan: numbers.contains { number > $0 }
    case .lessThan: numbers.contains { number < $0 }
    case .contains, .regex: false
    }
  }

  private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard text.count >= part.count else { return false }
    return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
  }
}
