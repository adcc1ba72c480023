import Exposition
import Testing

@testable import Catalogue

@Suite struct CatalogueTests {
  @Test func `every family is defined once`() {
    #expect(Catalogue.definitions.map(\.metric.rawValue).sorted() == Metric.allCases.map(\.rawValue).sorted())
  }

  @Test(arguments: Metric.allCases) func `a family's name is one that Prometheus takes as it is`(
    metric: Metric
  ) throws {
    let definition = try #require(Catalogue[metric])
    let heading = definition.heading
    #expect(heading.name == metric.rawValue)
    #expect(heading.name.wholeMatch(of: /(handoff|handoffd|process)(_[a-z0-9]+)+/) != nil)
    for ending in [
      "_total", "_info", "_bucket", "_sum", "_count", "_created", "_counter", "_gauge", "_histogram",
    ] {
      #expect(!heading.name.hasSuffix(ending))
    }
    for label in definition.labels {
      #expect(label.name.wholeMatch(of: /[a-z]+(_[a-z]+)*/) != nil)
      #expect(!["le", "quantile", "job", "instance", "type", "service", "env"].contains(label.name))
    }
    #expect(Set(definition.labels.map(\.name)).count == definition.labels.count)
  }

  @Test(arguments: Metric.allCases) func `a family has a sentence of help`(metric: Metric) throws {
    let help = try #require(Catalogue[metric]).heading.help
    #expect(help.hasSuffix("."))
    #expect(help.count > 10)
    #expect(help.first?.isUppercase == true)
    #expect(help.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 32 })
  }

  @Test(arguments: Metric.allCases) func `bounds and quantiles belong to their kinds, and ascend`(
    metric: Metric
  ) throws {
    let definition = try #require(Catalogue[metric])
    #expect((definition.heading.kind == .histogram) == !definition.heading.bounds.isEmpty)
    #expect((definition.heading.kind == .summary) == !definition.quantiles.isEmpty)
    for values in [definition.heading.bounds, definition.quantiles] {
      #expect(zip(values, values.dropFirst()).allSatisfy(<))
      #expect(values.allSatisfy { $0.isFinite })
    }
  }

  @Test func `no two families can bring about a sample of the same name`() {
    var owners: [String: [String]] = [:]
    for heading in Catalogue.definitions.map(\.heading) {
      let endings =
        switch heading.kind {
        case .counter: ["", "_total", "_created"]
        case .gauge: [""]
        case .info: ["", "_info"]
        case .summary: ["", "_sum", "_count", "_created"]
        case .histogram: ["", "_bucket", "_sum", "_count", "_created"]
        }
      for ending in endings { owners[heading.name + ending, default: []].append(heading.name) }
    }
    #expect(owners.filter { $0.value.count > 1 }.isEmpty)
  }

  @Test func `names of families are what their values are in`() {
    for heading in Catalogue.definitions.map(\.heading) where heading.unit == nil {
      #expect(
        !["seconds", "bytes", "ratio"].contains { heading.name.contains("_\($0)_") && heading.kind != .info },
        "\(heading.name)")
    }
  }

  @Test(arguments: [
    (Metric.contextMissing, [0.05, 0.2]), (.deadlineHeadroom, [5, 10]), (.hopDepth, [8, 12]),
    (.ackLatency, [10, 30]), (.tokenUtilization, [0.25, 0.99]), (.contextRetained, [0.66]),
  ]) func `the limits of the domain are bounds exactly`(metric: Metric, limits: [Double]) throws {
    let bounds = try #require(Catalogue[metric]).heading.bounds
    #expect(limits.allSatisfy(bounds.contains))
  }

  @Test func `series whose labels are known are known from the start`() throws {
    #expect(try #require(Catalogue[.deadLetters]).knownSets.count == 3)
    #expect(try #require(Catalogue[.reasons]).knownSets.count == 36)
    #expect(try #require(Catalogue[.loops]).knownSets == [.none])
    #expect(try #require(Catalogue[.finished]).knownSets.isEmpty)
    let transitions = try #require(Catalogue[.alertTransitions])
    let first = LabelSet([Label("severity", "critical"), Label("state", "inactive")])
    #expect(transitions.knownSets.first == first)
  }
}
