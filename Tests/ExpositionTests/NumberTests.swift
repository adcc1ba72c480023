import Testing

@testable import Exposition

@Suite struct NumberTests {
  private func text(_ value: Double) -> String {
    var bytes: [UInt8] = []
    bytes.append(number: value)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func openMetrics(_ value: Double) -> String {
    var bytes: [UInt8] = []
    bytes.append(openMetrics: value)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    (1e6, "1e+06"), (1.5e-05, "1.5e-05"), (42_007_224.6, "4.20072246e+07"), (0.25, "0.25"), (0, "0"),
    (-0.0, "-0"), (3, "3"), (10, "10"), (999_999, "999999"), (1_234_567, "1.234567e+06"),
    (1_230_000, "1.23e+06"), (123_456.75, "123456.75"), (0.0001, "0.0001"), (0.00012, "0.00012"),
    (-12.5, "-12.5"), (-7, "-7"), (-3_000_000, "-3e+06"), (1e100, "1e+100"), (1e21, "1e+21"),
    (.leastNonzeroMagnitude, "5e-324"), (.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
    (1_795_230_000.123456, "1.795230000123456e+09"), (1_795_230_000, "1.79523e+09"),
    (9_007_199_254_740_991, "9.007199254740991e+15"), (9_007_199_254_740_992, "9.007199254740992e+15"),
    (1.7976931348623157e308, "1.7976931348623157e+308"), (0.1 + 0.2, "0.30000000000000004"),
    (100.00000000000001, "100.00000000000001"), (5.5, "5.5"), (99999.5, "99999.5"), (1e-4, "0.0001"),
    (0x1p-128, "2.938735877055719e-39"),
  ]) func `numbers are written as Prometheus writes them`(value: Double, expected: String) {
    #expect(text(value) == expected)
  }

  @Test(arguments: [
    (1.0, "1.0"), (0.005, "0.005"), (1e6, "1e+06"), (.infinity, "+Inf"), (100, "100.0"), (0, "0.0"),
    (-0.0, "0.0"), (0.001, "0.001"), (0.002, "0.002"), (0.01, "0.01"), (0.1, "0.1"), (0.9, "0.9"),
    (0.95, "0.95"), (0.99, "0.99"), (0.999, "0.999"), (1.7, "1.7"), (10, "10.0"), (1e-10, "1e-10"),
    (1e-9, "1e-09"), (1e-5, "1e-05"), (1e-4, "0.0001"), (1e5, "100000.0"), (1e10, "1e+10"), (.nan, "NaN"),
    (-3, "-3.0"),
  ]) func `OpenMetrics numbers always show a point or an exponent`(value: Double, expected: String) {
    #expect(openMetrics(value) == expected)
  }

  @Test func `random numbers read back the same, by the shortest digits`() {
    var random = SeededNumbers(seed: 1)
    for _ in 0..<50_000 {
      let value = Double(bitPattern: random.next())
      #expect(text(value) == ReferenceNumber.text(value))
      #expect(value.isNaN || Double(text(value).replacing("Inf", with: "inf")) == value)
    }
  }

  @Test func `whole numbers of every length read back the same`() {
    var random = SeededNumbers(seed: 2)
    for _ in 0..<50_000 {
      let whole = random.next() >> UInt64.random(in: 0...63, using: &random)
      let value = Double(whole)
      #expect(text(value) == ReferenceNumber.text(value))
      #expect(Double(text(value)) == value)
      var digits: [UInt8] = []
      digits.append(digits: whole)
      #expect(String(decoding: digits, as: UTF8.self) == String(whole))
    }
  }
}
