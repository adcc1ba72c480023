import Testing

@testable import Analytics

@Suite struct ConstraintTests {
  private var random = Generator(seed: 7)

  private mutating func hashes(_ count: Int) -> Set<UInt64> {
    var hashes: Set<UInt64> = []
    while hashes.count < count { hashes.insert(random.next()) }
    return hashes
  }

  @Test mutating func `none is missed that is still there`() {
    for count in 0...50 {
      let all = hashes(count)
      let more = all.union(hashes(count % 7))
      #expect(ConstraintBits(all).isSubset(of: ConstraintBits(more)))
    }
  }

  @Test mutating func `that there are fewer is always seen`() {
    for count in 1...32 {
      for _ in 0..<100 {
        let all = hashes(count)
        #expect(!ConstraintBits(all).isSubset(of: ConstraintBits(Set(all.dropFirst()))))
      }
    }
  }

  @Test mutating func `one in whose place another came is nearly always seen`() {
    var missed = 0
    for _ in 0..<10_000 {
      let five = hashes(5)
      let others = Set(five.dropFirst()).union(hashes(1))
      if ConstraintBits(five).isSubset(of: ConstraintBits(others)) { missed += 1 }
    }
    #expect((1..<200).contains(missed))
  }
}
