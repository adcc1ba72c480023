import Bytes

/// A word of a closed list; what is in no list is `other`.
public protocol ClosedWord: RawRepresentable<UInt8>, CaseIterable, Sendable where AllCases == [Self] {
  /// Any word that is not in the list, or none at all.
  static var other: Self { get }
  /// The word as events and labels write it.
  var name: String { get }
  /// The list, made for finding words in bytes.
  static var list: WordList<Self> { get }
}

/// The words of a closed list, found in bytes by comparing two or three integers each.
public struct WordList<Word: ClosedWord>: Sendable {
  private let keys: [WordKey]
  private let words: [Word]

  /// All words of the type but `other`.
  public init() {
    words = Word.allCases.filter { $0.rawValue != Word.other.rawValue }
    keys = words.map { word in
      let bytes = Array(word.name.utf8)
      return WordKey(bytes, bytes.indices)
    }
  }

  /// The word in a range of bytes.
  @inline(__always)
  func word(_ bytes: [UInt8], _ range: Range<Int>) -> Word {
    guard range.count <= WordKey.longest else { return .other }
    let key = WordKey(bytes, range)
    for at in keys.indices where keys[at] == key { return words[at] }
    return .other
  }
}

/// A word of up to 17 bytes as integers: its beginning, its end, and the byte in the middle.
private struct WordKey: Equatable {
  static let longest = 17

  let count: Int
  let head: UInt64
  let tail: UInt64
  let middle: UInt8

  @inline(__always)
  init(_ bytes: [UInt8], _ range: Range<Int>) {
    count = range.count
    if range.count >= 8 {
      head = bytes.integer(at: range.lowerBound) ?? 0
      tail = bytes.integer(at: range.upperBound - 8) ?? 0
    } else {
      head = range.reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
      tail = 0
    }
    middle = range.isEmpty ? 0 : bytes[range.lowerBound + range.count / 2]
  }
}
