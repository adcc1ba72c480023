import Hashing
import Testing

struct HashTests {
  @Test func `the hash of nothing is the published one`() {
    #expect(Hash.hash64([]) == 0x2D06_8005_38D3_94C2)
    #expect(Hash.hash128([]) == Hash128(low: 0x6001_C324_468D_497F, high: 0x99AA_06D3_0147_98D8))
  }

  @Test func `arrays and spans hash alike, and a seed changes all`() {
    let bytes = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    for length in [1, 3, 4, 8, 9, 16, 17, 128, 129, 240, 241, 5_000] {
      let part = Array(bytes.prefix(length))
      #expect(Hash.hash64(part) == Hash.hash64(part.span))
      #expect(Hash.hash128(part) == Hash.hash128(part.span))
      #expect(Hash.hash64(part) != Hash.hash64(part, seed: 1))
      #expect(Hash.hash128(part) != Hash.hash128(part, seed: 1))
    }
  }
}
