/// A format in which Prometheus reads a page.
public enum Format: CaseIterable, Hashable, Sendable {
  /// The text exposition format 0.0.4.
  case text
  /// OpenMetrics 1.0, with exemplars.
  case openMetrics
  /// Length-delimited messages, with native histograms.
  case protobuf

  /// The media type, to the byte: Prometheus 3 refuses any other.
  public var contentType: String {
    switch self {
    case .text: "text/plain; version=0.0.4; charset=utf-8"
    case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
    case .protobuf:
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
    }
  }
}
