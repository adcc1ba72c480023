import Catalogue
import Exposition
import Synchronization
import Testing

@Suite struct CataloguePageTests {
  private func text(_ page: [UInt8]) -> String { String(decoding: page, as: UTF8.self) }

  @Test func `help and type of every family are there before anything is measured`() {
    var page = CataloguePage()
    let text = text(page.render(.text, []))
    for definition in Catalogue.definitions {
      let name = definition.heading.sampleName
      #expect(text.contains("# HELP \(name) "))
      #expect(text.contains("# TYPE \(name) "))
    }
    #expect(text.split(separator: "\n").count == 2 * Metric.allCases.count)
  }

  @Test(arguments: Format.allCases)
  func `families come once each, whoever fills them`(format: Format) {
    let all = Example()
    var first = Example(metrics: [.loops, .events, .ackLatency])
    first.version = 1
    let second = Example(metrics: [.events, .loops, .processCPU])
    var page = CataloguePage()
    let pieces = page.render(format, [first, second, all])
    #expect(pieces.count == page.render(format, [all]).count)
    #expect(
      text(pieces).ranges(of: "# TYPE handoff_ack_latency_seconds ").count == (format == .protobuf ? 0 : 1))
  }

  @Test(arguments: Format.allCases)
  func `what has a version is written anew only when it changes`(format: Format) {
    let counting = CountingSource()
    var page = CataloguePage()
    let first = page.render(format, [counting.source(version: 1)])
    #expect(page.render(format, [counting.source(version: 1)]) == first)
    #expect(counting.writes == 1)
    _ = page.render(format, [counting.source(version: 2)])
    #expect(counting.writes == 2)
    _ = page.render(format, [counting.source(version: nil)])
    _ = page.render(format, [counting.source(version: nil)])
    #expect(counting.writes == 4)
  }

  @Test func `a filter leaves what it names, and does not spoil what is kept`() {
    var source = Example()
    source.version = 1
    var page = CataloguePage()
    let whole = page.render(.openMetrics, [source])
    let part = page.render(
      .openMetrics, [source], only: NameFilter(["handoff_loops_total", "handoffd_store_up"]))
    #expect(
      text(part) == """
        # TYPE handoff_loops counter
        # HELP handoff_loops Handoffs from one agent to another that their task had taken before.
        handoff_loops_total 3.0
        # TYPE handoffd_store_up gauge
        # HELP handoffd_store_up Whether the database answers: 1 while it does.
        handoffd_store_up 3.0
        # EOF

        """)
    #expect(page.render(.openMetrics, [source]) == whole)
  }

  @Test func `samples put together by hand are shown under their names`() {
    let source = SampleSource([
      Family("handoffd_store_up", .gauge, "Not this help.", [Sample(1)]),
      Family("handoffd_of_somebody_else", .gauge, "h", [Sample(1)]),
    ])
    var page = CataloguePage()
    let text = text(page.render(.text, [source]))
    #expect(text.contains("# HELP handoffd_store_up Whether the database answers"))
    #expect(text.contains("\nhandoffd_store_up 1\n"))
    #expect(!text.contains("somebody_else"))
  }

  @Test func `a hundred agents at first sight are below 10,000 lines`() {
    var page = CataloguePage()
    let lines = text(page.render(.text, [Example(agents: 100)])).split(separator: "\n")
    let samples = lines.count { !$0.hasPrefix("#") }
    #expect(samples < 10_000)
    #expect(samples > 9000)
  }
}

/// A source that knows how often it was asked.
private final class CountingSource: Sendable {
  private let count = Mutex(0)

  var writes: Int { count.withLock { $0 } }

  func note() { count.withLock { $0 += 1 } }

  func source(version: UInt64?) -> any MetricSource { Counted(version: version, owner: self) }

  private struct Counted: MetricSource {
    let metrics = [Metric.loops]
    let version: UInt64?
    let owner: CountingSource

    func write(_ metric: Metric, to page: inout PageWriter) {
      owner.note()
      page.add(1)
    }
  }
}
