// The wheel: at most one deadline for each owner, set and withdrawn in constant time, met in order.
//
// Deadlines lie in buckets of about a second, in doubly linked lists. When a bucket's second has come,
// its owners move to a small heap, from which they leave exactly in order of their deadlines. So time
// may advance in any steps: what happens, and when, does not depend on how often somebody looks.
// A heap entry that was withdrawn or set anew is recognised when it comes up, and passed over.

/// Deadlines of numbered owners.
struct TimerWheel: Sendable {
  private static let none = UInt32.max
  private static let tickBits: Int64 = 20
  private static let bucketCount: Int64 = 4096

  private enum Place: UInt8 {
    case nowhere
    case bucket
    case heap
  }

  private struct Node {
    var deadline: Int64 = 0
    var next = TimerWheel.none
    var previous = TimerWheel.none
    var place = Place.nowhere
  }

  private var nodes: [Node] = []
  private var heads = Array(repeating: TimerWheel.none, count: Int(TimerWheel.bucketCount))
  private var waiting = 0
  private var due = DueHeap()
  /// Everything up to and including this tick has left the buckets.
  private var tick = Int64.min

  /// Begins at a moment; needed once, before anything else.
  init(from moment: Int64 = 0) {
    tick = moment >> Self.tickBits
  }

  /// Sets an owner's deadline, instead of the one it may have.
  mutating func set(_ owner: Int, _ deadline: Int64) {
    while nodes.count <= owner { nodes.append(Node()) }
    let node = nodes[owner]
    if node.place != .nowhere, node.deadline == deadline { return }
    withdraw(owner)
    nodes[owner].deadline = deadline
    place(owner)
  }

  /// Withdraws an owner's deadline.
  mutating func withdraw(_ owner: Int) {
    guard owner < nodes.count else { return }
    if nodes[owner].place == .bucket { unlink(owner) }
    nodes[owner].place = .nowhere
  }

  /// The owner whose deadline is the next up to `now`, with that deadline, which is then withdrawn.
  @inline(__always)
  mutating func next(until now: Int64) -> (owner: Int, deadline: Int64)? {
    if now >> Self.tickBits <= tick, due.first > now { return nil }
    return nextSlowly(until: now)
  }

  private mutating func nextSlowly(until now: Int64) -> (owner: Int, deadline: Int64)? {
    while true {
      if due.first <= now {
        let (deadline, owner) = due.pop()
        guard nodes[owner].place == .heap, nodes[owner].deadline == deadline else { continue }
        nodes[owner].place = .nowhere
        return (owner, deadline)
      }
      guard tick < now >> Self.tickBits else { return nil }
      turn(to: now >> Self.tickBits)
    }
  }

  /// Goes on to the next tick that holds anything, or to the last one asked for.
  private mutating func turn(to last: Int64) {
    guard waiting > 0, last - tick < Self.bucketCount else { return jump(to: last) }
    repeat { tick += 1 } while tick < last && heads[bucket(of: tick)] == Self.none
    empty(bucket(of: tick))
  }

  /// More than a whole turn at once: every bucket is emptied, so that the order still holds.
  private mutating func jump(to last: Int64) {
    tick = last
    if waiting > 0 { heads.indices.forEach { empty($0) } }
  }

  private mutating func empty(_ bucket: Int) {
    var at = heads[bucket]
    while at != Self.none {
      let owner = Int(at)
      at = nodes[owner].next
      unlink(owner)
      place(owner)
    }
  }

  private mutating func place(_ owner: Int) {
    let target = nodes[owner].deadline >> Self.tickBits
    guard target > tick else {
      nodes[owner].place = .heap
      return due.push(nodes[owner].deadline, owner)
    }
    // Beyond a whole turn it waits in the last bucket, and is placed anew from there.
    let bucket = bucket(of: min(target, tick + Self.bucketCount - 1))
    let head = heads[bucket]
    nodes[owner].place = .bucket
    nodes[owner].next = head
    nodes[owner].previous = UInt32(truncatingIfNeeded: -1 - bucket)
    if head != Self.none { nodes[Int(head)].previous = UInt32(truncatingIfNeeded: owner) }
    heads[bucket] = UInt32(truncatingIfNeeded: owner)
    waiting += 1
  }

  private func bucket(of tick: Int64) -> Int { Int(truncatingIfNeeded: tick & (Self.bucketCount - 1)) }

  private mutating func unlink(_ owner: Int) {
    let node = nodes[owner]
    if node.next != Self.none { nodes[Int(node.next)].previous = node.previous }
    // The first of a bucket points back at the bucket itself, as -1 - bucket.
    let bucket = -1 - Int(Int32(bitPattern: node.previous))
    if bucket >= 0 { heads[bucket] = node.next } else { nodes[Int(node.previous)].next = node.next }
    waiting -= 1
  }
}
