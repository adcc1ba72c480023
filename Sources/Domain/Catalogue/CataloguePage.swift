public import Exposition

/// The page of all families, put together from what several sources measured.
///
/// A source's families stand together, in the order of the catalogue; then come the headings of those that
/// nobody fills. What a source with a version has written is kept, in each format, until its version changes.
public struct CataloguePage: Sendable {
  private struct Key: Hashable, Sendable {
    var format: Format
    var source: Int
  }

  private struct Section: Equatable, Sendable {
    var version: UInt64
    var metrics: [Metric]
  }

  /// Which source fills which families; made anew where sources fill others than before.
  private struct Plan: Sendable {
    var metrics: [[Metric]] = []
    var definitions: [[Definition]] = []
    var missing = Catalogue.definitions

    init(_ sources: [any MetricSource]) {
      metrics = sources.map(\.metrics)
      for claimed in metrics {
        let wanted = Set(claimed)
        definitions.append(missing.filter { wanted.contains($0.metric) })
        missing.removeAll { wanted.contains($0.metric) }
      }
    }
  }

  private var plan = Plan([])
  private var sections = PageCache<Key, Section>()
  private var sizes: [Format: Int] = [:]

  /// A page that nothing has been written on yet.
  public init() {}

  /// The page of this moment, in a format; of all families, or of those that are asked for.
  public mutating func render(
    _ format: Format, _ sources: [any MetricSource], only filter: NameFilter = NameFilter([])
  ) -> [UInt8] {
    if plan.metrics != sources.map(\.metrics) { plan = Plan(sources) }
    guard filter.isEmpty else { return part(format, sources, filter) }
    var writer = PageWriter(format, reserving: (sizes[format] ?? 0) + 4096)
    for (place, source) in sources.enumerated() {
      let definitions = plan.definitions[place]
      if let version = source.version {
        let section = Section(version: version, metrics: plan.metrics[place])
        writer.append(
          written: sections.page(Key(format: format, source: place), section) {
            Self.written(definitions, source, format)
          })
      } else {
        Self.write(definitions, source, to: &writer)
      }
    }
    for definition in plan.missing { writer.begin(definition.heading) }
    let page = writer.finish()
    sizes[format] = page.count
    return page
  }

  private func part(_ format: Format, _ sources: [any MetricSource], _ filter: NameFilter) -> [UInt8] {
    var writer = PageWriter(format)
    for (definitions, source) in zip(plan.definitions, sources) {
      Self.write(definitions.filter { filter.includes($0.heading) }, source, to: &writer)
    }
    for definition in plan.missing where filter.includes(definition.heading) {
      writer.begin(definition.heading)
    }
    return writer.finish()
  }

  private static func written(
    _ definitions: [Definition], _ source: any MetricSource, _ format: Format
  ) -> [UInt8] {
    var writer = PageWriter(format)
    write(definitions, source, to: &writer)
    return writer.written()
  }

  private static func write(
    _ definitions: [Definition], _ source: any MetricSource, to writer: inout PageWriter
  ) {
    for definition in definitions {
      writer.begin(definition.heading)
      source.write(definition.metric, to: &writer)
    }
  }
}
