/// What breakers last said of one target: a few reporters' words, each with its end.
struct CircuitReports: Sendable {
  private struct Report {
    var reporter: UInt64 = 0
    var until = Int64.min
    var state = CircuitState.closed
  }

  private static let most = 4
  private var reports = InlineArray<4, Report>(repeating: Report())

  /// The worst of what is reported.
  var worst: CircuitState {
    var worst = CircuitState.closed
    for at in 0..<Self.most { worst = max(worst, reports[at].state) }
    return worst
  }

  /// When the first of them ends; the end of time where there is none.
  var nextEnd: Int64 {
    var end = Int64.max
    for at in 0..<Self.most where reports[at].state != .closed { end = min(end, reports[at].until) }
    return end
  }

  /// Each report in force.
  var all: [(reporter: UInt64, state: CircuitState, until: Int64)] {
    (0..<Self.most).filter { reports[$0].state != .closed }
      .map { (reports[$0].reporter, reports[$0].state, reports[$0].until) }
  }

  /// Keeps a reporter's word instead of its last one; with too many reporters, the one that ends first goes.
  mutating func keep(_ state: CircuitState, by reporter: UInt64, until: Int64) {
    var place = 0
    for at in 0..<Self.most {
      if reports[at].state != .closed, reports[at].reporter == reporter {
        return reports[at] = Report(reporter: reporter, until: until, state: state)
      }
      if end(of: at) < end(of: place) { place = at }
    }
    if state != .closed { reports[place] = Report(reporter: reporter, until: until, state: state) }
  }

  private func end(of at: Int) -> Int64 { reports[at].state == .closed ? .min : reports[at].until }

  /// Drops what has ended by then.
  mutating func drop(until now: Int64) {
    for at in 0..<Self.most where reports[at].state != .closed && reports[at].until <= now {
      reports[at].state = .closed
    }
  }
}
