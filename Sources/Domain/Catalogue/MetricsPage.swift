public import Exposition

/// The page of all families, put together from what several sources measured.
///
/// A source's families stand together, in the order of the catalogue; then come the headings of those that
/// nobody fills. What a source with a version has written is kept, in each format, until its version changes.
public struct MetricsPage: Sendable {
  private struct Key: Hashable, Sendable {
    var format: Format
    var source: Int
  }

  private struct Section: Equatable, Sendable {
    var version: UInt64
    var metrics: [Metric]
  }

  private var sections = PageCache<Key, Section>()
  private var sizes: [Format: Int] = [:]

  /// A page that nothing has been written on yet.
  public init() {}

  /// The page of this moment, in a format; of all families, or of those that are asked for.
  public mutating func render(
    _ format: Format, _ sources: [any MetricSource], only filter: NameFilter = NameFilter([])
  ) -> [UInt8] {
    var writer = PageWriter(format, reserving: (sizes[format] ?? 0) + 4096)
    var missing = Set(Metric.allCases)
    for (place, source) in sources.enumerated() {
      let metrics = Set(source.metrics).intersection(missing)
      missing.subtract(metrics)
      let definitions = Self.definitions(metrics, filter)
      if let version = source.version, filter.isEmpty {
        let section = Section(version: version, metrics: definitions.map(\.metric))
        writer.append(
          written: sections.page(Key(format: format, source: place), section) {
            Self.written(definitions, source, format)
          })
      } else {
        Self.write(definitions, source, to: &writer)
      }
    }
    for definition in Self.definitions(missing, filter) { writer.begin(definition.heading) }
    let page = writer.finish()
    if filter.isEmpty { sizes[format] = page.count }
    return page
  }

  private static func definitions(_ metrics: Set<Metric>, _ filter: NameFilter) -> [Definition] {
    Catalogue.definitions.filter { metrics.contains($0.metric) && filter.includes($0.heading) }
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
