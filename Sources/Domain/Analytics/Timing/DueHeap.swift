/// Moments with their owners in a binary heap, the earliest on top, equal ones by owner.
struct DueHeap: Sendable {
  private var entries: [(deadline: Int64, owner: Int)] = []

  /// The earliest deadline; the end of time where there is none.
  var first: Int64 { entries.first?.deadline ?? .max }

  var count: Int { entries.count }
  /// The earliest; there must be one.
  var top: (deadline: Int64, owner: Int) { entries[0] }
  /// All of them, in no order.
  var all: [(deadline: Int64, owner: Int)] { entries }

  mutating func push(_ deadline: Int64, _ owner: Int) {
    var at = entries.count
    entries.append((deadline, owner))
    while at > 0, entries[at] < entries[(at - 1) / 2] {
      entries.swapAt(at, (at - 1) / 2)
      at = (at - 1) / 2
    }
  }

  /// Takes the earliest out; there must be one.
  mutating func pop() -> (deadline: Int64, owner: Int) {
    let top = entries[0]
    let last = entries.removeLast()
    guard !entries.isEmpty else { return top }
    entries[0] = last
    var at = 0
    while true {
      var least = at
      for child in [2 * at + 1, 2 * at + 2] where child < entries.count && entries[child] < entries[least] {
        least = child
      }
      guard least != at else { return top }
      entries.swapAt(at, least)
      at = least
    }
  }
}
