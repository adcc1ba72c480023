import Hashing

/// The pairs of agents that have rows of their own, numbered; all others share the place of the rest.
///
/// First come, first kept; a pair that was idle for a day makes room where there is none. What was counted under its
/// name is always taken back under it, whether there is room or not.
struct PairTable: Sendable {
  /// The place of all pairs without one.
  static let rest = 0
  private static let idle: Int64 = 24 * 60

  private struct Pair: Sendable {
    var from: [UInt8] = []
    var to: [UInt8] = []
    var usedIn: Int64 = 0
  }

  private var pairs = [Pair()]
  private var places: [UInt64: Int] = [:]
  private let seed: UInt64
  private let capacity: Int

  /// A table whose names are hashed with `seed`, a random number.
  init(seed: UInt64, capacity: Int = 1_000) {
    self.seed = seed
    self.capacity = capacity
  }

  /// The names at a place.
  func names(at place: Int) -> (from: [UInt8], to: [UInt8]) { (pairs[place].from, pairs[place].to) }

  /// The place of a pair that is counted in the minute `now`: its own as long as there is room.
  mutating func place(from: ArraySlice<UInt8>, to: ArraySlice<UInt8>, now: Int64) -> Int {
    find(from, to, now) ?? (pairs.count <= capacity ? add(from, to, now) : Self.rest)
  }

  /// A place of the pair's own, come what may.
  mutating func ownPlace(from: ArraySlice<UInt8>, to: ArraySlice<UInt8>, now: Int64) -> Int {
    find(from, to, now) ?? add(from, to, now)
  }

  /// Lets idle pairs go if there is no room; places that were given out before hold no longer.
  mutating func makeRoom(_ now: Int64) {
    if pairs.count <= capacity { return }
    let kept = pairs.dropFirst().filter { now - $0.usedIn < Self.idle }.prefix(capacity)
    pairs = [Pair()] + kept
    places = [:]
    for place in pairs.indices.dropFirst() {
      places[hash(pairs[place].from[...], pairs[place].to[...])] = place
    }
  }

  private func hash(_ from: ArraySlice<UInt8>, _ to: ArraySlice<UInt8>) -> UInt64 {
    Hash.hash64(to.span, seed: Hash.hash64(from.span, seed: seed))
  }

  private mutating func find(_ from: ArraySlice<UInt8>, _ to: ArraySlice<UInt8>, _ now: Int64) -> Int? {
    guard let place = places[hash(from, to)], pairs[place].from[...] == from, pairs[place].to[...] == to
    else { return nil }
    pairs[place].usedIn = max(pairs[place].usedIn, now)
    return place
  }

  private mutating func add(_ from: ArraySlice<UInt8>, _ to: ArraySlice<UInt8>, _ now: Int64) -> Int {
    pairs.append(Pair(from: Array(from), to: Array(to), usedIn: now))
    // Of two pairs with one hash the later is found; rows go by names, so the other only gets one more place.
    places[hash(from, to)] = pairs.count - 1
    return pairs.count - 1
  }
}
