// Windows of selected handoffs, and what of a handoff has to be known to select it.
//
// Conditions are put to a handoff whenever something of it is counted, so everything they look at has to be known then;
// the texts of its events are not kept. So each test answers when an event tells what it looks at, and the handoff keeps
// the answer: a bit for each test. What the fold knows of every handoff anyway is looked at when it is asked for.

import Model

/// The answers of tests, a bit for each.
struct TestAnswers: OptionSet, Sendable {
  let rawValue: UInt64

  init(rawValue: UInt64) { self.rawValue = rawValue }

  init(test: Int) { rawValue = 1 << UInt64(test) }

  mutating func set(_ answer: Self, _ isGiven: Bool) {
    if isGiven { insert(answer) } else { remove(answer) }
  }
}

/// The selections that rules ask for, each with its windows.
struct SelectionTable: Sendable {
  private(set) var selections: [Selection] = []
  /// The tests of all conditions; their places are the bits of their answers.
  private(set) var tests: [ConditionTest] = []
  private var trees: [Tree] = []
  var windows: [GroupWindow] = []

  /// A condition whose tests are numbers.
  private indirect enum Tree: Sendable {
    case all([Tree])
    case any([Tree])
    case test(Int)

    func holds(_ answers: TestAnswers) -> Bool {
      switch self {
      case .all(let parts): parts.allSatisfy { $0.holds(answers) }
      case .any(let parts): parts.contains { $0.holds(answers) }
      case .test(let number): answers.contains(TestAnswers(test: number))
      }
    }
  }

  var isEmpty: Bool { selections.isEmpty }

  /// The table of those selections; of windows that `old` has of the same handoffs, it goes on with them.
  init(_ wanted: [Selection] = [], _ settings: AnalyticsSettings, after old: Self? = nil) {
    for selection in wanted.prefix(Selection.most) {
      let known = tests.count
      guard let tree = number(selection.condition), tests.count <= Selection.mostTests else {
        tests.removeSubrange(known...)
        continue
      }
      selections.append(selection)
      trees.append(tree)
      let kept = old.flatMap { old in old.selections.firstIndex(of: selection).map { old.windows[$0] } }
      windows.append(kept ?? Self.window(settings))
    }
  }

  /// A few selections together have as much room as all handoffs.
  private static func window(_ settings: AnalyticsSettings) -> GroupWindow {
    GroupWindow(
      width: settings.groupSlice.microseconds, longest: settings.longestWindow.microseconds,
      mostRows: settings.capacity.groupRows / 4, mostPlaces: settings.capacity.groupPlaces / 4)
  }

  /// Numbers the tests of a condition; nil where one of them cannot be asked here.
  private mutating func number(_ condition: HandoffCondition) -> Tree? {
    switch condition {
    case .all(let parts): return number(parts).map { .all($0) }
    case .any(let parts): return number(parts).map { .any($0) }
    case .test(let field, let relation, let operands):
      guard let test = ConditionTest(field, relation, operands) else { return nil }
      tests.append(test)
      return .test(tests.count - 1)
    case .attribute: return nil
    }
  }

  private mutating func number(_ parts: [HandoffCondition]) -> [Tree]? {
    var trees: [Tree] = []
    for part in parts {
      guard let tree = number(part) else { return nil }
      trees.append(tree)
    }
    return trees
  }

  /// The places of the selections that a handoff of these answers belongs to.
  func places(_ answers: TestAnswers) -> [Int] {
    trees.indices.filter { trees[$0].holds(answers) }
  }
}
