import Catalogue
import Exposition

/// Values for every family: as of a sidecar that has seen some agents, and nothing of most things yet.
struct Example: MetricSource {
  /// How many agents have been seen.
  var agents = 3
  /// Whether series are there that come with the first event of their kind.
  var isComplete = false
  var metrics = Metric.allCases
  var version: UInt64?

  func write(_ metric: Metric, to page: inout PageWriter) {
    guard let definition = Catalogue[metric] else { return }
    for labels in series(definition) { add(definition, LabelSet(labels), to: &page) }
  }

  private func add(_ definition: Definition, _ labels: LabelSet, to page: inout PageWriter) {
    switch definition.heading.kind {
    case .counter, .gauge: page.add(metricValue(definition.metric), labels)
    case .info: page.add(1, labels)
    case .summary:
      page.add(Summary(definition.quantiles.map { .init($0, .nan) }, sum: 0, count: 0), labels)
    case .histogram: page.add(histogram(definition.heading.bounds), labels)
    }
  }

  private func metricValue(_ metric: Metric) -> Double {
    metric.rawValue.hasSuffix("_timestamp_seconds") ? 1_795_230_000.25 : 3
  }

  private func histogram(_ bounds: [Double]) -> Histogram {
    var histogram = Histogram(bounds: bounds)
    for bound in bounds {
      histogram.observe(bound)
      histogram.observe(
        bound * 0.9,
        exemplar: Exemplar(
          [Label("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736")], value: bound * 0.9,
          microseconds: 1_795_230_000_250_000))
    }
    return histogram
  }

  private func series(_ definition: Definition) -> [[Label]] {
    // A pair of agents is there once something was counted between them.
    let agents = definition.labels.count { ["to_agent", "from_agent"].contains($0.name) }
    if agents > 1, !isComplete { return [] }
    return definition.labels.reduce([[]]) { sets, range in
      let values = values(range)
      return sets.flatMap { set in values.map { set + [Label(range.name, $0)] } }
    }
  }

  private func values(_ range: LabelRange) -> [String] {
    if range.isClosed { return isComplete ? range.values : range.atFirst.map { range.values[$0] } }
    switch range.name {
    case "to_agent", "from_agent", "agent": return (0..<agents).map { "agent-\($0)" }
    case "rule": return ["HandoffFailed", "HandoffCircuitOpen", "HandoffLoop"]
    case "receiver": return ["oncall", "alertmanager"]
    case "code": return ["200", "400", "503"]
    default: return ["1.0"]
    }
  }
}
