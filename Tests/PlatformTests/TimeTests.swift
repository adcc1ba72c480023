import Platform
import Testing

struct TimeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000000Z"),
    (-1, "1969-12-31T23:59:59.999999Z"),
    (951_782_400_000_001, "2000-02-29T00:00:00.000001Z"),
    (1_795_230_000_123_456, "2026-11-21T03:00:00.123456Z"),
    (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
  ])
  func `a wall time is written as RFC 3339`(microseconds: Int64, text: String) {
    #expect(WallTime(microseconds: microseconds).description == text)
  }

  @Test(arguments: [Int64.min, Int64.max])
  func `the ends of wall time can be written`(microseconds: Int64) {
    #expect(WallTime(microseconds: microseconds).description.hasSuffix("Z"))
  }

  @Test func `instants stop at the ends of time`() {
    let instant = MonotonicInstant(nanoseconds: 5)
    #expect(instant + .seconds(-1) == .distantPast)
    #expect(instant + .seconds(Int64.max) != .distantPast)
    #expect(MonotonicInstant.distantFuture + .nanoseconds(1) == .distantFuture)
    #expect(MonotonicInstant.distantFuture - .distantPast == .nanoseconds(Int64.max))
    #expect(MonotonicInstant(nanoseconds: 3) - instant == .nanoseconds(-2))
  }

  @Test func `a manual clock moves only when told`() {
    let time = ManualTime(wall: WallTime(microseconds: 10))
    let start = time.now()
    #expect(time.now() == start)
    time.advance(by: .milliseconds(2))
    #expect(time.now() - start == .milliseconds(2))
    #expect(time.wall().microseconds == 2_010)
  }

  @Test func `the monotonic clock does not go back`() {
    let time = SystemTime()
    let first = time.now()
    #expect(time.now() >= first)
    #expect(time.wall().microseconds > 1_600_000_000_000_000)
  }

  @Test func `the same seed gives the same numbers`() {
    var one = SplitMix64(seed: 7)
    var other = SplitMix64(seed: 7)
    #expect((0..<10).map { _ in one.next() } == (0..<10).map { _ in other.next() })
    // The first number of the published algorithm for the seed 0.
    var zero = SplitMix64(seed: 0)
    #expect(zero.next() == 0xE220_A839_7B1D_CDAF)
  }
}
