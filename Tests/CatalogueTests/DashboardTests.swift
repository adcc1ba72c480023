import Catalogue
import Exposition
import Testing

/// Dashboards and the catalogue tell of the same families.
@Suite struct DashboardTests {
  /// Families that are on no panel.
  private static let unshown: [Metric: String] = [
    .processVirtualMemory: "address space says little of a program; every client exports it, so do we"
  ]

  /// The names under which samples are stored, with the labels they have.
  private static let samples: [String: Set<String>] = {
    var samples: [String: Set<String>] = [:]
    for definition in Catalogue.definitions {
      let heading = definition.heading
      let labels = Set(definition.labels.map(\.name)).union(["job", "instance"])
      samples[heading.sampleName] = heading.kind == .summary ? labels.union(["quantile"]) : labels
      guard heading.kind == .histogram || heading.kind == .summary else { continue }
      for ending in ["_sum", "_count"] { samples[heading.name + ending] = labels }
      if heading.kind == .histogram { samples[heading.name + "_bucket"] = labels.union(["le"]) }
    }
    return samples
  }()

  private static let words: Set<String> = [
    "sum", "max", "min", "count", "rate", "increase", "histogram_quantile", "time", "vector", "or", "changes",
  ]

  @Test func `there are three`() {
    #expect(Dashboard.all.map(\.uid) == ["handoffd-overview", "handoffd-agent", "handoffd-sidecar"])
  }

  @Test(arguments: Dashboard.all) func `every metric and every label is in the catalogue`(
    dashboard: Dashboard
  ) {
    for (text, place) in dashboard.expressions {
      let query = Query(text)
      #expect(!query.selectors.isEmpty, "\(place)")
      #expect(query.words.subtracting(Self.words).isEmpty, "\(place): \(text)")
      var known: Set<String> = []
      for selector in query.selectors {
        let labels = Self.samples[selector.metric]
        #expect(labels != nil, "\(place): \(selector.metric)")
        for matcher in selector.matchers {
          #expect(labels?.contains(matcher.label) == true, "\(place): \(selector.metric){\(matcher.label)}")
        }
        known.formUnion(labels ?? [])
      }
      #expect(Set(query.groupings).subtracting(known.union(["le"])).isEmpty, "\(place): \(text)")
    }
  }

  @Test(arguments: Dashboard.all) func `label values asked for are ones that exist`(dashboard: Dashboard) {
    for (text, place) in dashboard.expressions {
      for selector in Query(text).selectors {
        for matcher in selector.matchers where !matcher.value.hasPrefix("$") {
          let range = Self.definition(of: selector.metric)?.labels.first { $0.name == matcher.label }
          guard let range, range.isClosed else { continue }
          let values =
            matcher.isRegex ? matcher.value.split(separator: "|").map(String.init) : [matcher.value]
          #expect(Set(values).isSubset(of: range.values), "\(place): \(matcher.value)")
        }
      }
    }
  }

  @Test func `every family is on a panel, or there is a reason`() {
    let shown = Set(
      Dashboard.all.flatMap(\.expressions).flatMap { Query($0.text).selectors }
        .compactMap { Self.definition(of: $0.metric)?.metric })
    for metric in Metric.allCases {
      #expect(shown.contains(metric) != (Self.unshown[metric] != nil), "\(metric.rawValue)")
    }
  }

  private static func definition(of sample: String) -> Definition? {
    Catalogue.definitions.first { definition in
      let heading = definition.heading
      return ["", "_bucket", "_sum", "_count"].contains { heading.sampleName + $0 == sample }
    }
  }
}
