import Model
import Testing

@Suite struct TimestampTests {
  @Test(arguments: [
    ("2026-11-21T03:00:00.123456Z", 1_795_230_000_123_456),
    ("2026-11-21T05:30:00.1+02:30", 1_795_230_000_100_000),
    ("1970-01-01T00:00:00Z", 0),
    ("1969-12-31T23:59:59.999999Z", -1),
    ("2000-02-29T00:00:00-00:00", 951_782_400_000_000),
    ("2026-11-21t03:00:00.123456789z", 1_795_230_000_123_456),
    ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
  ]) func `RFC 3339 is read with any offset`(text: String, microseconds: Int64) {
    #expect(Timestamp(rfc3339: Array(text.utf8)[...])?.microseconds == microseconds)
  }

  @Test(arguments: [
    "", "2026", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T03:00:00",
    "2026-11-21T03:00:00.Z", "2026-11-21T03:00:00+2:00", "2026-11-21T03:00:00Zx", "0000-01-01T00:00:00+23:59",
    "2026-11-21T03:60:00Z", "９026-11-21T03:00:00Z",
  ]) func `what is no time is refused`(text: String) {
    #expect(Timestamp(rfc3339: Array(text.utf8)[...]) == nil)
  }

  @Test func `what is written is read back, over four thousand years`() {
    var moment = Timestamp(microseconds: -2_000_000_000_000_000)
    while moment.microseconds < 130_000_000_000_000_000 {
      #expect(Timestamp(rfc3339: Array(moment.text.utf8)[...]) == moment)
      moment.microseconds += 86_400_000_000 * 97 + 1_234_567
    }
  }
}
