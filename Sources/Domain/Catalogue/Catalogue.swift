// Everything the sidecar shows on /metrics, as data: a family is defined once, with its name, kind, labels,
// bounds and help, and whoever measures fills it in.
//
//   MetricSource    values measured: the analytics' snapshot, the spool, the process …
//        │  write(metric, to: page)
//   CataloguePage     each family once, in the order of the catalogue, whoever fills it; HELP and TYPE of all
//        │          are there from the first scrape, and what has not changed is not written again
//   PageWriter      bytes of the format that was negotiated

/// The families, and what is to be known of each.
public enum Catalogue {
  /// The definitions, in the order in which families are shown.
  public static let definitions: [Definition] =
    handoffs + context + agents + alerting + pipeline + program

  private static let byMetric = Dictionary(
    definitions.map { ($0.metric, $0) }, uniquingKeysWith: { first, _ in first })

  /// The definition of a family.
  public static subscript(metric: Metric) -> Definition? { byMetric[metric] }
}
