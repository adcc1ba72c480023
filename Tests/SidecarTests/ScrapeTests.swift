import Catalogue
import Compression
import Exposition
import Platform
import Store
import Testing

@testable import HTTPServer
@testable import Sidecar
@testable import Spool

@Suite struct ScrapeTests {
  private static let openMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8"

  private func scrapes(_ value: Counter = Counter()) -> Scrapes {
    Scrapes { [SampleSource([.loops: [Sample(value.value)], .storeUp: [Sample(1)]])] }
  }

  private func request(_ target: String = "/metrics", _ headers: [(String, String)] = []) throws -> Request {
    var fields = HeaderFields()
    for (name, value) in headers {
      fields.append(name: Array(name.utf8).span, value: Array(value.utf8).span)
    }
    let target = try RequestTarget(Array(target.utf8))
    return Request(head: RequestHead(method: "GET", target: target, headers: fields), pattern: nil, body: [])
  }

  @Test func `the format is the one that was asked for`() throws {
    let scrapes = scrapes()
    let plain = scrapes.response(to: try request())
    #expect(plain.contentType == "text/plain; version=0.0.4; charset=utf-8")
    #expect(String(decoding: plain.body, as: UTF8.self).contains("\nhandoff_loops_total 0\n"))
    let openMetrics = scrapes.response(
      to: try request("/metrics", [("Accept", "application/openmetrics-text;version=1.0.0")]))
    #expect(openMetrics.contentType == Self.openMetrics)
    #expect(String(decoding: openMetrics.body, as: UTF8.self).hasSuffix("\n# EOF\n"))
    #expect(openMetrics.headers.map(\.value) == ["Accept, Accept-Encoding"])
  }

  @Test func `a page is packed where that is accepted, and kept packed while it is the same`() throws {
    let counter = Counter()
    let scrapes = scrapes(counter)
    let plain = scrapes.response(to: try request())
    let packed = try request("/metrics", [("Accept-Encoding", "gzip")])
    for _ in 0..<2 {
      let answer = scrapes.response(to: packed)
      #expect(answer.headers.map(\.name) == ["Vary", "Content-Encoding"])
      #expect(try Gzip.unpack(answer.body, limit: 1 << 20) == plain.body)
    }
    counter.add()
    let later = try Gzip.unpack(scrapes.response(to: packed).body, limit: 1 << 20)
    #expect(String(decoding: later, as: UTF8.self).contains("\nhandoff_loops_total 1\n"))
    let refused = scrapes.response(to: try request("/metrics", [("Accept-Encoding", "gzip;q=0")]))
    #expect(refused.headers.map(\.name) == ["Vary"])
  }

  @Test func `names in the query choose families, and other parameters are none of ours`() throws {
    let answer = scrapes().response(to: try request("/metrics?name%5B%5D=handoffd_store_up&x=%22%0A"))
    #expect(
      String(decoding: answer.body, as: UTF8.self) == """
        # HELP handoffd_store_up Whether the database answers: 1 while it does.
        # TYPE handoffd_store_up gauge
        handoffd_store_up 1

        """)
  }

  @Test func `what the spool and the store count in has the bounds of the catalogue`() throws {
    let spool = try #require(SpoolStatus().samples[.spoolSyncDuration]?.first)
    let store = try #require(
      StoreStatus().samples(oldestUndrained: nil, now: WallTime(microseconds: 0))[.storeCommitDuration]?.first
    )
    for (metric, sample) in [(Metric.spoolSyncDuration, spool), (.storeCommitDuration, store)] {
      guard case .histogram(let histogram) = sample.value else {
        Issue.record("\(metric.rawValue) is no histogram")
        continue
      }
      #expect(Catalogue[metric]?.heading.bounds == histogram.bounds)
    }
  }
}
