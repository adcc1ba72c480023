import Analytics
import Exposition
import Model

extension Histogram {
  /// What a distribution holds, as far as a format shows it.
  init(_ distribution: Distribution, for format: Format) {
    var native: NativeHistogram?
    if format == .protobuf {
      let (schema, buckets) = distribution.native3
      native = NativeHistogram(
        schema: schema, zeroCount: distribution.zeroCount,
        ascending: buckets.lazy.map { .init($0.index, $0.count) })
    }
    self.init(
      bounds: distribution.bounds, counts: distribution.counts, sum: distribution.sum, native: native,
      exemplars: format == .text ? [] : Self.exemplars(distribution))
  }

  /// The newest exemplar, and that of the highest bucket: no format shows others.
  private static func exemplars(_ distribution: Distribution) -> [Exposition.Exemplar] {
    let told = distribution.exemplars.filter { $0.origin != .none }
    guard let highest = told.last, let newest = told.max(by: { $0.receivedAt < $1.receivedAt }) else {
      return []
    }
    return [highest, newest].compactMap { exemplar in
      Exposition.Exemplar(
        [Label(exemplar.origin == .trace ? "trace_id" : "handoff_id", exemplar.id)], value: exemplar.value,
        microseconds: exemplar.receivedAt.microseconds)
    }
  }
}
