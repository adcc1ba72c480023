import Platform
import TestSupport

/// The scenarios, and the table that they fill.
struct Bench {
  /// One thing that is measured.
  struct Scenario: Sendable {
    var name: String
    var run: @Sendable (Bench) throws -> [Row]
  }

  /// A line of the table.
  struct Row {
    var what: String
    var measured: String
    var yardstick: String
    var ratio: Double
    /// What the ratio is to be: at least or at most.
    var wanted: Wanted
    /// The ratios of the rounds whose middle `ratio` is, in the order they were taken; empty of one measurement.
    var rounds: [Double] = []

    enum Wanted {
      case atLeast(Double)
      case atMost(Double)
      /// Or the figure itself is small enough that nobody minds, as the text says.
      case atMostOr(Double, String, isSmall: Bool)
    }

    init(what: String, measured: String, yardstick: String, ratio: Double, wanted: Wanted) {
      self.what = what
      self.measured = measured
      self.yardstick = yardstick
      self.ratio = ratio
      self.wanted = wanted
    }

    init(what: String, measured: String, yardstick: String, rounds: [Double], wanted: Wanted) {
      self.init(what: what, measured: measured, yardstick: yardstick, ratio: rounds.median, wanted: wanted)
      self.rounds = rounds
    }

    /// Whether the ratio is as wanted.
    var isGood: Bool {
      switch wanted {
      case .atLeast(let bound): ratio >= bound
      case .atMost(let bound): ratio <= bound
      case .atMostOr(let bound, _, let isSmall): ratio <= bound || isSmall
      }
    }
  }

  /// The share of the full load.
  let scale: Double
  /// Another build of the program, for the scenario that compares the two.
  var other: String?
  let time = SystemTime()

  static let scenarios: [Scenario] = [
    Scenario(name: "decoding") { try $0.decoding() },
    Scenario(name: "fold") { $0.fold() },
    Scenario(name: "judge") { $0.judge() },
    Scenario(name: "singles") { try $0.singles() },
    Scenario(name: "burst") { try $0.burst() },
    Scenario(name: "connections") { try $0.connections() },
    Scenario(name: "end-to-end") { try $0.endToEnd() },
    Scenario(name: "scraping") { try $0.scraping() },
    Scenario(name: "watching") { try $0.watching() },
    Scenario(name: "memory") { try $0.memory() },
    Scenario(name: "record") { try $0.record() },
  ]

  /// What needs more than the tree it was built from: runs only when it is named.
  static let onRequest: [Scenario] = [
    Scenario(name: "against") { try $0.against() }
  ]

  /// Runs scenarios by name; the exit code says whether every figure is as wanted.
  func run(_ names: [String]) -> Int32 {
    Table.head()
    var isGood = true
    for scenario in Self.scenarios + Self.onRequest where names.contains(scenario.name) {
      do {
        for row in try scenario.run(self) {
          Table.write(row)
          isGood = isGood && row.isGood
        }
      } catch {
        print("| \(scenario.name) | failed: \(error) |")
        isGood = false
      }
    }
    return isGood ? 0 : 1
  }

  /// A count of the full load, scaled and rounded up to whole hundreds.
  func scaled(_ count: Int) -> Int { max(100, Int(Double(count) * scale) / 100 * 100) }
}

/// The table, as Markdown.
enum Table {
  static func head() {
    print("| what | handoffd | yardstick | ratio | wanted |")
    print("|---|---|---|---|---|")
  }

  static func write(_ row: Bench.Row) {
    let wanted =
      switch row.wanted {
      case .atLeast(let bound): "at least \(bound)"
      case .atMost(let bound): "at most \(bound)"
      case .atMostOr(let bound, let small, _): "at most \(bound), or \(small)"
      }
    print(
      "| \(row.what) | \(row.measured) | \(row.yardstick) | \(ratio(row)) | \(wanted)\(row.isGood ? "" : " — MISSED") |"
    )
  }

  /// The ratio, and those of the rounds.
  private static func ratio(_ row: Bench.Row) -> String {
    row.rounds.isEmpty
      ? two(row.ratio) : "\(two(row.ratio)) (\(row.rounds.map(two).joined(separator: " ")))"
  }

  /// A number in two digits behind the point.
  static func two(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }

  /// A rate, in whole units.
  static func rate(_ value: Double, _ unit: String) -> String { "\(Int(value)) \(unit)/s" }
}

extension [Double] {
  /// The middle value; 0 of none.
  var median: Double {
    guard !isEmpty else { return 0 }
    return sorted()[count / 2]
  }
}
