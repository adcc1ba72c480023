/// Slots in several doubly linked lists, each slot in one at most: what lets the oldest be found at once.
struct SlotLists: Sendable {
  /// No slot.
  static let none = UInt32.max

  private struct Link {
    var next = SlotLists.none
    var previous = SlotLists.none
    var list = UInt8.max
  }

  /// The ends of one list.
  private struct Ends {
    var head = SlotLists.none
    var tail = SlotLists.none
    var count = 0
  }

  private var links: [Link] = []
  private var ends: [Ends]

  init(lists: Int) {
    ends = Array(repeating: Ends(), count: lists)
  }

  /// The number of slots in a list.
  func count(of list: Int) -> Int { ends[list].count }

  /// The slot that has been longest in a list.
  func head(of list: Int) -> Int? { Self.slot(ends[list].head) }

  /// The slot that came into the same list after this one.
  func next(after slot: Int) -> Int? { Self.slot(links[slot].next) }

  /// The list a slot is in.
  func list(of slot: Int) -> Int? {
    guard slot < links.count, links[slot].list != .max else { return nil }
    return Int(links[slot].list)
  }

  private static func slot(_ raw: UInt32) -> Int? { raw == none ? nil : Int(raw) }

  /// Puts a slot at the end of a list, out of whichever it was in.
  mutating func append(_ slot: Int, to list: Int) {
    while links.count <= slot { links.append(Link()) }
    remove(slot)
    let raw = UInt32(truncatingIfNeeded: slot)
    let tail = ends[list].tail
    links[slot] = Link(next: Self.none, previous: tail, list: UInt8(truncatingIfNeeded: list))
    if tail == Self.none { ends[list].head = raw } else { links[Int(tail)].next = raw }
    ends[list].tail = raw
    ends[list].count += 1
  }

  /// Takes a slot out of its list, if it is in one.
  mutating func remove(_ slot: Int) {
    guard slot < links.count else { return }
    let link = links[slot]
    guard link.list != .max else { return }
    let list = Int(link.list)
    if link.previous == Self.none {
      ends[list].head = link.next
    } else {
      links[Int(link.previous)].next = link.next
    }
    if link.next == Self.none {
      ends[list].tail = link.previous
    } else {
      links[Int(link.next)].previous = link.previous
    }
    ends[list].count -= 1
    links[slot] = Link()
  }
}
