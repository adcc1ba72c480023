@testable import Exposition

/// Families of every kind, with texts and numbers of every kind.
struct RandomFamilies {
  private var random: SeededNumbers

  init(seed: UInt64) { random = SeededNumbers(seed: seed) }

  mutating func next() -> [Family] {
    (0..<Int.random(in: 0...8, using: &random)).map { number in
      let kind = FamilyKind.allCases.randomElement(using: &random) ?? .gauge
      let unit = ["", "_seconds", "_bytes", "_ratio", "_things"].randomElement(using: &random) ?? ""
      return Family("family_\(number)\(unit)", kind, text(), samples(kind))
    }
  }

  private mutating func samples(_ kind: FamilyKind) -> [Sample] {
    let names = ["to_agent", "reason", "code"].prefix(Int.random(in: 0...3, using: &random))
    let bounds = (0..<Int.random(in: 0...5, using: &random)).map { _ in number().magnitude }
    let ascending = Array(Set(bounds.filter { $0.isFinite })).sorted()
    return (0..<Int.random(in: 0...4, using: &random)).map { _ in
      let labels = names.map { Label($0, text()) }
      switch kind {
      case .counter, .gauge: return Sample(number(), labels)
      case .info: return Sample(1, labels)
      case .summary: return Sample(summary(), labels)
      case .histogram: return Sample(histogram(ascending), labels)
      }
    }
  }

  private mutating func summary() -> Summary {
    let quantiles = [0.5, 0.95, 0.99].prefix(Int.random(in: 0...3, using: &random))
    return Summary(quantiles.map { .init($0, number()) }, sum: number(), count: random.next() >> 12)
  }

  private mutating func histogram(_ bounds: [Double]) -> Histogram {
    var histogram = Histogram(bounds: bounds)
    for _ in 0..<Int.random(in: 0...300, using: &random) {
      let value = number().magnitude
      let isTold = Int.random(in: 0..<20, using: &random) == 0
      let exemplar = Exemplar(
        [Label("trace_id", String(random.next(), radix: 16))], value: value,
        microseconds: Bool.random(using: &random) ? Int64(random.next() >> 13) : nil)
      histogram.observe(value, exemplar: isTold ? exemplar : nil)
    }
    return histogram
  }

  private mutating func number() -> Double {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: Double(bitPattern: random.next())
    case 1: [0, .nan, .infinity, 1, 1e6, 0.1].randomElement(using: &random) ?? 0
    case 2, 3: Double.random(in: 0...1000, using: &random)
    case 4: Double(random.next() >> 40) / 1000
    default: Double(random.next() >> UInt64.random(in: 0...63, using: &random))
    }
  }

  private mutating func text() -> String {
    let parts = [
      "a", "agent", "\\", "\"", "\n", "\t", "\u{0}", "é", "😀", "{", "}", ",", "=", " ", "# EOF", "\\n",
    ]
    return (0..<Int.random(in: 0...6, using: &random)).map { _ in
      parts.randomElement(using: &random) ?? ""
    }.joined()
  }
}
