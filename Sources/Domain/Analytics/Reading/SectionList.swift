import Hashing

/// The sections that an envelope names.
enum SectionList {
  /// Which of the five are among them.
  static func named(in bytes: [UInt8], _ range: Range<Int>) -> NamedSections {
    var seen: UInt8 = 0
    var at = range.lowerBound
    while let name = nextString(bytes, &at, range.upperBound) {
      seen |= 1 << EnvelopeSection.list.word(bytes, name).rawValue
    }
    return NamedSections(bits: seen & ~(1 << EnvelopeSection.other.rawValue))
  }

  /// The inside of the next string of a list of strings.
  private static func nextString(_ bytes: [UInt8], _ at: inout Int, _ end: Int) -> Range<Int>? {
    while at < end, bytes[at] != UInt8(ascii: "\"") { at += 1 }
    at += 1
    let start = at
    while at < end, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
    guard at < end else { return nil }
    at += 1
    return start..<(at - 1)
  }
}

/// Some of the five sections.
struct NamedSections: Sendable {
  fileprivate var bits: UInt8 = 0

  var count: Int { bits.nonzeroBitCount }

  func contains(_ section: EnvelopeSection) -> Bool { bits >> section.rawValue & 1 == 1 }
}

/// What was found in lists of sections that came lately: most envelopes name the same ones in the same way.
struct SectionMemory: Sendable {
  private var hashes = Array(repeating: UInt64(0), count: 16)
  private var found = Array(repeating: NamedSections(), count: 16)

  /// Which of the five a list names.
  mutating func named(in bytes: [UInt8], _ range: Range<Int>, seed: UInt64) -> NamedSections {
    let hash = Hash.hash64(bytes.span.extracting(range), seed: seed) | 1
    let place = Int(truncatingIfNeeded: hash >> 32) & 15
    if hashes[place] != hash {
      hashes[place] = hash
      found[place] = SectionList.named(in: bytes, range)
    }
    return found[place]
  }
}
