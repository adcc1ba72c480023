import Foundation
import TestSupport
import Testing

@testable import Store

@Suite struct RollupSketchTests {
  private func sketch(_ values: [Double], isTakenBack: Bool = false) -> RollupSketch {
    RollupSketch(values.map { RollupSketch.observation(of: $0, isTakenBack: isTakenBack) })
  }

  /// Values over nine powers of ten, some of them 0.
  private func values(_ count: Int, using random: inout SeededRandom) -> [Double] {
    (0..<count).map { _ in
      random.once(in: 20) ? 0 : exp(Double.random(in: -7...14, using: &random))
    }
  }

  @Test func `quantiles of many merged sketches are within 1 percent of the exact ones`() {
    var random = SeededRandom(for: "rollup quantiles")
    for _ in 0..<20 {
      let parts = (0..<Int.random(in: 1...30, using: &random)).map { _ in
        values(Int.random(in: 1...200, using: &random), using: &random)
      }
      let merged = RollupSketch(coded: parts.flatMap { sketch($0).coded ?? [] })
      let sorted = parts.flatMap { $0 }.sorted()
      #expect(merged.count == Int64(sorted.count))
      for share in [0, 0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1] {
        let exact = sorted[max(1, Int((share * Double(sorted.count)).rounded(.up))) - 1]
        let found = merged.quantile(share) ?? -1
        #expect(abs(found - exact) <= exact * 0.01, "\(share): \(found) for \(exact)")
      }
    }
  }

  @Test func `what is taken back leaves no trace`() {
    var random = SeededRandom(for: "rollup corrections")
    for _ in 0..<50 {
      let kept = values(Int.random(in: 0...50, using: &random), using: &random)
      let gone = values(Int.random(in: 0...50, using: &random), using: &random)
      var both = sketch(kept + gone)
      both.add(sketch(gone, isTakenBack: true))
      #expect(both == sketch(kept))
      let pieces = [sketch(gone, isTakenBack: true), sketch(kept), sketch(gone)]
      #expect(RollupSketch(coded: pieces.flatMap { $0.coded ?? [] }) == sketch(kept))
    }
  }

  @Test func `a sketch is as small as what it says`() {
    #expect(sketch([]).coded == nil)
    #expect(RollupSketch(coded: []).quantile(0.5) == nil)
    #expect(sketch([0]).coded == [1, 0, 2])
    #expect((sketch([Double](repeating: 0.35, count: 1_000)).coded ?? []).count <= 5)
  }

  @Test func `damaged bytes are no sketch, and no harm`() {
    var random = SeededRandom(for: "rollup damage")
    for _ in 0..<2_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      _ = RollupSketch(coded: bytes).quantile(0.5)
    }
  }
}
