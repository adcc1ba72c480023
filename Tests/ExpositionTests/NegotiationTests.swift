import Testing

@testable import Exposition

@Suite struct NegotiationTests {
  private static let text = "text/plain; version=0.0.4; charset=utf-8"
  private static let openMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8"
  private static let protobuf =
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
  private static let askedProtobuf =
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"

  /// What the servers of each version send, from their sources.
  private static let prometheus: [(accept: String, answer: String)] = [
    (
      "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", openMetrics
    ),
    (
      "\(askedProtobuf),application/openmetrics-text;version=1.0.0;q=0.8,"
        + "application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
      protobuf
    ),
    (
      "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2", openMetrics
    ),
    (
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
        + "application/openmetrics-text;version=0.0.1;escaping=allow-utf-8;q=0.5,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;escaping=allow-utf-8;q=0.4,"
        + "text/plain;version=0.0.4;escaping=allow-utf-8;q=0.3,*/*;q=0.2",
      openMetrics + "; escaping=allow-utf-8"
    ),
    (
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
        + "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2", openMetrics + "; escaping=allow-utf-8"
    ),
    (
      "\(askedProtobuf);q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
        + "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
        + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1", protobuf
    ),
  ]

  @Test(arguments: prometheus)
  func `every Prometheus gets what it wants most`(accept: String, answer: String) {
    #expect(Negotiation(accept: accept).contentType == answer)
  }

  @Test(arguments: [
    "*/*", "application/json", "", " ", ";;;,,/,q=;garbage", "text/html,application/xhtml+xml,*/*;q=0.8",
    "application/openmetrics-text;version=2.0.0",
    "application/openmetrics-text;version=1.0.0;q=0,text/plain;q=0.5",
    "application/openmetrics-text;version=1.0.0;q=0", "text/plain;version=0.0.4", "text/*", "text/plain",
    "text/plain;q=0,*/*;q=0", "application/vnd.google.protobuf", "application/openmetrics-text;version=0.0.1",
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text",
    "application/openmetrics-text;version=1.0.0;q=0.2,text/plain;version=0.0.4;q=0.9",
    "text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0", "\"", "a/b;c=\"d,e;f", "=,=;=",
    "application/openmetrics-text;q=abc", "application/openmetrics-text;q=-1", "😀/é;q=ß",
  ]) func `anything else gets text`(accept: String) {
    #expect(Negotiation(accept: accept).contentType == Self.text)
  }

  @Test func `no Accept gets text`() {
    #expect(Negotiation(accept: nil).contentType == Self.text)
  }

  @Test(arguments: [
    "application/openmetrics-text", "APPLICATION/OpenMetrics-Text ; Version = 1.0.0",
    "application/openmetrics-text;version=\"1.0.0\";charset=utf-8", "*/*,application/openmetrics-text",
    "text/plain;q=0.3;version=0.0.4,application/openmetrics-text;q=0.31;foo=bar",
    "application/openmetrics-text;q=1.5,text/plain", "text/plain;q=0.9990, application/openmetrics-text",
    "application/openmetrics-text;a=\"x,y;z\";q=1,text/plain;q=0.5",
  ]) func `OpenMetrics where it is wanted most`(accept: String) {
    #expect(Negotiation(accept: accept).format == .openMetrics)
  }

  @Test(arguments: [
    ("allow-utf-8", "; escaping=allow-utf-8"), ("underscores", "; escaping=underscores"),
    ("dots", "; escaping=dots"), ("values", "; escaping=values"), ("none", ""), ("", ""), ("DOTS", ""),
  ]) func `the escaping of the chosen item is repeated, if it is known`(escaping: String, ending: String) {
    for (asked, answer) in [
      ("text/plain;version=0.0.4", Self.text), ("application/openmetrics-text", Self.openMetrics),
      (Self.askedProtobuf, Self.protobuf),
    ] {
      #expect(Negotiation(accept: "\(asked);escaping=\(escaping)").contentType == answer + ending)
    }
  }

  @Test func `the last known escaping of the chosen item counts, and none of others`() {
    #expect(Negotiation(accept: "text/plain;escaping=dots;escaping=values;escaping=x").escaping == .values)
    #expect(
      Negotiation(accept: "text/plain;q=0.5;escaping=dots,application/openmetrics-text").escaping == nil)
    #expect(Negotiation(accept: "image/png;escaping=dots").escaping == nil)
  }

  @Test(
    arguments: [
      (nil, false), ("", false), ("gzip", true), ("gzip, deflate, br", true), ("identity", false),
      ("gzip;q=0", false), ("br, zstd", false), ("*", true), ("*;q=0", false), ("gzip;q=0, *", false),
      ("identity;q=0, *", true), ("gzip;q=0.5, identity;q=0.8", false), ("gzip;q=0.5, identity;q=0.5", true),
      ("GZIP", true), ("x-gzip", true), ("gzip;q=0.000", false), ("gzip;q=0.001", true), (";;=,q", false),
    ] as [(String?, Bool)])
  func `gzip where it is accepted and nothing is wanted more`(header: String?, isCompressed: Bool) {
    #expect(Negotiation(accept: nil, acceptEncoding: header).isCompressed == isCompressed)
  }

  @Test func `random bytes are answered in text, quickly`() {
    var random = SeededNumbers(seed: 6)
    for _ in 0..<2000 {
      let length = Int.random(in: 0...60, using: &random)
      let bytes = (0..<length).map { _ in ",;=/*\" qtx10.\u{0}é".randomElement(using: &random) ?? "," }
      #expect(Negotiation(accept: String(bytes)).format == .text)
    }
    #expect(Negotiation(accept: String(repeating: "a/b;q=0.5,", count: 100_000)).format == .text)
  }
}
