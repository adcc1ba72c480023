import Hashing
import Model

// The handoffs that are remembered, in three lists, each in the order in which they came into it.
//
//   open     begun and not ended. When there are too many, the oldest leaves: an acknowledged one
//            first, looked for among the oldest few, else the oldest of all. It is no longer active,
//            and counted as having left; what is still told of it is folded as long as it is remembered.
//   parked   dead letters that nobody has dealt with, however old.
//   ended    remembered for what may still be told of them, so that nothing is counted twice. When
//            there are too many, the one that ended longest ago is forgotten.

/// The handoffs that are remembered.
struct HandoffTable: Sendable {
  /// The lists a handoff may be in.
  enum List: Int {
    case open = 0
    case parked
    case ended
  }

  private var index = HashIndex()
  private var handoffs: [Handoff] = []
  private var lists = SlotLists(lists: 3)
  private var free: [Int] = []
  var texts = TextStore()

  subscript(slot: Int) -> Handoff {
    @inline(__always) get { handoffs[slot] }
    @inline(__always) _modify { yield &handoffs[slot] }
  }

  @inline(__always)
  func find(_ id: Hash128) -> Int? { index.find(id) { handoffs[$0].id == id } }

  @inline(__always)
  func count(of list: List) -> Int { lists.count(of: list.rawValue) }

  func first(of list: List) -> Int? { lists.head(of: list.rawValue) }

  func next(after slot: Int) -> Int? { lists.next(after: slot) }

  /// The list a handoff is in.
  @inline(__always)
  func list(of slot: Int) -> List? { lists.list(of: slot).flatMap(List.init(rawValue:)) }

  /// Puts a handoff at the end of a list.
  mutating func move(_ slot: Int, to list: List) { lists.append(slot, to: list.rawValue) }

  /// Remembers a new handoff, which is in no list yet.
  mutating func add(_ id: Hash128, text: ArraySlice<UInt8>) -> Int {
    var handoff = Handoff(id: id)
    handoff.text = texts.keep(text)
    index.insert(id, free.last ?? handoffs.count)
    if let slot = free.popLast() {
      handoffs[slot] = handoff
      return slot
    }
    handoffs.append(handoff)
    return handoffs.count - 1
  }

  /// Forgets a handoff altogether.
  mutating func forget(_ slot: Int) {
    lists.remove(slot)
    texts.forget(handoffs[slot].text)
    index.remove(handoffs[slot].id, slot)
    free.append(slot)
  }

  /// Changes each of them, those forgotten included.
  mutating func forEach(_ change: (inout Handoff) -> Void) {
    for slot in handoffs.indices { change(&handoffs[slot]) }
  }

  /// The open handoff that leaves when there are too many.
  func dispensable() -> Int? {
    var slot = first(of: .open)
    for _ in 0..<64 {
      guard let candidate = slot else { break }
      if handoffs[candidate].life.state == .acknowledged { return candidate }
      slot = next(after: candidate)
    }
    return first(of: .open)
  }
}
