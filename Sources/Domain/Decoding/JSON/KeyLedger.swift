/// Finds keys that mean nothing here and are given twice in one object, without memory of its own for each object.
///
/// Keys are known by 64 bits of their hash: should two ever share these, an event is refused for no
/// reason, which does no harm.
struct KeyLedger {
  private struct Entry {
    var hash: UInt64
    var token: Int
  }

  /// An object that is being read.
  struct Page {
    fileprivate var start: Int
    /// A bit for each key seen: most keys are told to be new by it alone.
    fileprivate var bloom: UInt64 = 0
  }

  /// Up to here each key is compared with those before; above, keys are sorted at the object's end.
  private static let comparedKeys = 32

  private var entries: [Entry] = []

  mutating func removeAll() {
    if !entries.isEmpty { entries.removeAll(keepingCapacity: true) }
  }

  func open() -> Page { Page(start: entries.count) }

  /// Notes a key; false if the object has it already.
  @inline(__always)
  mutating func add(_ hash: UInt64, token: Int, to page: inout Page) -> Bool {
    let bit = UInt64(1) << (hash & 63)
    if page.bloom & bit != 0, entries.count - page.start <= Self.comparedKeys {
      for position in page.start..<entries.count where entries[position].hash == hash { return false }
    }
    page.bloom |= bit
    entries.append(Entry(hash: hash, token: token))
    return true
  }

  /// Closes an object; answers the token of a key that it has twice.
  @inline(__always)
  mutating func close(_ page: Page) -> Int? {
    let repeated = entries.count - page.start > Self.comparedKeys ? repeatedKey(from: page.start) : nil
    if entries.count > page.start { entries.removeLast(entries.count - page.start) }
    return repeated
  }

  private mutating func repeatedKey(from start: Int) -> Int? {
    entries[start...].sort { $0.hash != $1.hash ? $0.hash < $1.hash : $0.token < $1.token }
    var first: Int?
    for position in (start + 1)..<entries.count where entries[position].hash == entries[position - 1].hash {
      first = min(first ?? Int.max, entries[position].token)
    }
    return first
  }
}
