// Classes of waits and of completeness: what is asked for "at least" or "at most" comes in order of time from an index on
// class and time, an arm for each class, however few handoffs there are.
//
// The database itself works them out, as columns that follow from others. A wait under a second has no class: most have
// none, so that most acknowledgements change no column with an index, and stay within their page (HOT).

/// Classes of a measure, each from one bound up to the next.
struct HandoffClasses: Sendable {
  let column: String
  /// The column of what is measured, and its type.
  let measure: String
  private let type: String
  private let bounds: [Double]
  /// Whether values below the first bound have a class.
  private let isComplete: Bool

  static let waits = Self(
    column: "wait_class", measure: "ack_latency_us", type: "bigint",
    bounds: [1, 2, 5, 10, 30, 60, 300, 1_800].map { $0 * 1e6 }, isComplete: false)

  /// A bound is a class of its own, because it is both the least that one may ask for and the most.
  static let completeness = Self(
    column: "completeness_class", measure: "completeness", type: "float8",
    bounds: [0.25, 0.5, 0.8, 0.9, 0.95].flatMap { [$0, $0 + point] } + [1], isComplete: true)
  /// How far a class of one value reaches: less than two shares of references lie apart.
  private static let point = 1e-9

  /// How the column is declared.
  var declaration: String {
    let all = bounds.map { type == "bigint" ? "\(Int64($0))" : "\($0)" }.joined(separator: ",")
    let number = "width_bucket(\(measure), '{\(all)}'::\(type)[])"
    return "\(column) smallint GENERATED ALWAYS AS (\(isComplete ? number : "nullif(\(number), 0)")) STORED"
  }

  /// A class of values that are asked for, and whether it has others, too.
  struct Arm {
    var number: Int
    var reachesBelow = false
    var reachesAbove = false
  }

  /// The classes of all values from one to another; nil where some of these have none.
  func arms(from least: Double?, to most: Double?) -> [Arm]? {
    let first = least.map(number) ?? 0
    let last = most.map(number) ?? bounds.count
    if first == 0, !isComplete { return nil }
    if let least, let most, least > most { return [] }
    var arms = (first...last).map { Arm(number: $0) }
    arms[0].reachesBelow = least.map { !bounds.contains($0) } ?? false
    arms[arms.count - 1].reachesAbove = most.map { !isPoint($0) } ?? false
    return arms
  }

  private func number(of value: Double) -> Int { bounds.count { $0 <= value } }

  /// Whether a value is the only one of its class.
  private func isPoint(_ value: Double) -> Bool {
    value == bounds.last || bounds.contains(value) && bounds.contains(value + Self.point)
  }
}
