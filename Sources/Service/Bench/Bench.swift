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

    enum Wanted {
      case atLeast(Double)
      case atMost(Double)
    }

    var isGood: Bool {
      switch wanted {
      case .atLeast(let bound): ratio >= bound
      case .atMost(let bound): ratio <= bound
      }
    }
  }

  /// The share of the full load.
  let scale: Double
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

  /// Runs scenarios by name; the exit code says whether every figure is as wanted.
  func run(_ names: [String]) -> Int32 {
    Table.head()
    var isGood = true
    for scenario in Self.scenarios where names.contains(scenario.name) {
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
      }
    print(
      "| \(row.what) | \(row.measured) | \(row.yardstick) | \(two(row.ratio)) | \(wanted)\(row.isGood ? "" : " — MISSED") |"
    )
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
