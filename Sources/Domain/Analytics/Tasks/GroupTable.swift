import Hashing

/// The broadcast groups last heard of: how many receivers, and how many of them have acknowledged.
struct GroupTable: Sendable {
  /// One broadcast.
  struct Group: Sendable {
    var id: Hash128
    var name: String
    var from = AgentRef.none
    var startedAt: Int64
    /// How many receivers it was said to have.
    var announced: UInt32 = 0
    /// How many handoffs of it were seen, and how many of these were acknowledged.
    var seen: UInt32 = 0
    var acknowledged: UInt32 = 0
    /// Grows each time the place is given away.
    var generation: UInt16 = 0
  }

  private let capacity: Int
  private var index = HashIndex()
  private(set) var groups: [Group] = []
  private var oldest = 0

  init(capacity: Int) {
    self.capacity = min(max(1, capacity), 65_535)
  }

  /// The group of an id, made in the place of the oldest if it is new and there is no room.
  mutating func join(_ id: Hash128, _ name: ArraySlice<UInt8>, at moment: Int64) -> UInt32 {
    let place = index.find(id, { groups[$0].id == id }) ?? add(id, name, at: moment)
    groups[place].seen &+= 1
    return UInt32(groups[place].generation) << 16 | UInt32(truncatingIfNeeded: place)
  }

  private mutating func add(_ id: Hash128, _ name: ArraySlice<UInt8>, at moment: Int64) -> Int {
    var group = Group(id: id, name: String(decoding: name, as: UTF8.self), startedAt: moment)
    let place = groups.count < capacity ? groups.count : oldest
    if place == groups.count {
      groups.append(group)
    } else {
      oldest = (oldest + 1) % capacity
      index.remove(groups[place].id, place)
      group.generation = groups[place].generation &+ 1
      groups[place] = group
    }
    index.insert(id, place)
    return place
  }

  /// Changes a group, unless it has left.
  mutating func change(_ reference: UInt32, _ change: (inout Group) -> Void) {
    let place = Int(reference & 0xffff)
    guard place < groups.count, groups[place].generation == reference >> 16 else { return }
    change(&groups[place])
  }
}
