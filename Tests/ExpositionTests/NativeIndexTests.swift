import Testing

@testable import Exposition

@Suite struct NativeIndexTests {
  /// How much wider each bucket is than the one below, as the specification lists it.
  private static let growth: [(schema: Int, factor: Double)] = [
    (-4, 65536), (-3, 256), (-2, 16), (-1, 4), (0, 2), (1, 1.4142135623730951), (2, 1.189207115002721),
    (3, 1.0905077326652577), (4, 1.0442737824274138), (5, 1.0218971486541166), (6, 1.0108892860517005),
    (7, 1.0054299011128027), (8, 1.0027112750502025),
  ]

  @Test(arguments: growth)
  func `the first bucket above one ends at the growth factor of its schema`(schema: Int, factor: Double) {
    #expect(NativeIndex.upperBound(1, schema: schema) == factor)
    #expect(NativeIndex.index(of: factor, schema: schema) == 1)
    #expect(NativeIndex.index(of: factor.nextUp, schema: schema) == 2)
    #expect(NativeIndex.index(of: 1, schema: schema) == 0)
    #expect(NativeIndex.index(of: 1.0.nextUp, schema: schema) == 1)
  }

  @Test(arguments: [
    (1.0, 0, 0), (1.5, 0, 1), (2.0, 0, 1), (2.1, 0, 2), (0.5, 0, -1), (0.25, 0, -2), (1.0, 3, 0),
    (1.0905077326652577, 3, 1), (2.0, 3, 8), (0.22, 3, -17), (3.0, -1, 1), (4.0, -1, 1), (4.1, -1, 2),
    (0.25, -1, -1), (0.26, -1, 0), (65536, -4, 1), (65537, -4, 2), (1e-300, -4, -62),
  ]) func `known values fall where they belong`(value: Double, schema: Int, index: Int) {
    #expect(NativeIndex.index(of: value, schema: schema) == index)
  }

  @Test(arguments: NativeIndex.schemas)
  func `a value lies above the bucket before its own and not above its own`(schema: Int) {
    var random = SeededNumbers(seed: UInt64(schema + 10))
    for _ in 0..<20_000 {
      let value = Double(bitPattern: random.next()).magnitude
      guard value > 0, value.isFinite else { continue }
      let index = NativeIndex.index(of: value, schema: schema)
      #expect(value <= NativeIndex.upperBound(index, schema: schema))
      #expect(value > NativeIndex.upperBound(index - 1, schema: schema))
    }
  }

  @Test(arguments: NativeIndex.schemas)
  func `bounds belong to the bucket they end`(schema: Int) {
    let octaves = schema > 0 ? 1 << schema : 1
    for index in -3 * octaves...3 * octaves {
      let bound = NativeIndex.upperBound(index, schema: schema)
      guard bound.isFinite, bound > 0 else { continue }
      #expect(NativeIndex.index(of: bound, schema: schema) == index)
      #expect(NativeIndex.index(of: bound.nextUp, schema: schema) == index + 1)
    }
  }

  @Test(arguments: NativeIndex.schemas)
  func `infinity has a bucket of its own above the largest number`(schema: Int) {
    let largest = NativeIndex.index(of: .greatestFiniteMagnitude, schema: schema)
    #expect(NativeIndex.index(of: .infinity, schema: schema) == largest + 1)
    #expect(NativeIndex.upperBound(largest, schema: schema) == .greatestFiniteMagnitude)
  }

  @Test func `bounds of a coarse schema are bounds of every finer one`() {
    for schema in 1...8 {
      for index in -600...600 {
        #expect(
          NativeIndex.upperBound(index, schema: schema - 1)
            == NativeIndex.upperBound(2 * index, schema: schema)
        )
      }
    }
  }
}
