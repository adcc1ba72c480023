import Hashing
import Testing

@testable import Analytics

@Suite struct TableTests {
  @Test func `the index finds what was put in and not taken out`() {
    var random = Generator(seed: 1)
    var index = HashIndex()
    var expected: [Int: Hash128] = [:]
    for slot in 0..<4000 {
      // Few different low bits: long runs, wrapping round the end.
      let hash = Hash128(low: UInt64.random(in: 0..<64, using: &random) &* 0xffff_fff1, high: UInt64(slot))
      index.insert(hash, slot)
      expected[slot] = hash
      if Int.random(in: 0..<3, using: &random) > 0, let (gone, old) = expected.randomElement(using: &random) {
        index.remove(old, gone)
        expected[gone] = nil
      }
      guard slot % 200 == 0 else { continue }
      #expect(index.count == expected.count)
      for (known, hash) in expected { #expect(index.find(hash) { expected[$0] == hash } == known) }
    }
    index.remove(Hash128(low: 1, high: 1), 99_999)
    #expect(index.count == expected.count)
  }

  @Test func `lists keep the order in which slots came`() {
    var lists = SlotLists(lists: 2)
    for slot in 0..<6 { lists.append(slot, to: 0) }
    lists.append(2, to: 1)
    lists.append(0, to: 1)
    lists.append(3, to: 0)
    lists.remove(5)
    lists.remove(5)
    #expect(order(lists, 0) == [1, 4, 3])
    #expect(order(lists, 1) == [2, 0])
    #expect(lists.count(of: 0) == 3)
    #expect(lists.list(of: 0) == 1)
    #expect(lists.list(of: 5) == nil)
    #expect(lists.list(of: 77) == nil)
  }

  private func order(_ lists: SlotLists, _ list: Int) -> [Int] {
    var slots: [Int] = []
    var slot = lists.head(of: list)
    while let at = slot {
      slots.append(at)
      slot = lists.next(after: at)
    }
    return slots
  }

  @Test func `texts of any length come back, and cells are used again`() {
    var store = TextStore()
    var kept: [(TextStore.Handle, [UInt8])] = []
    for length in 0...300 {
      let text = [UInt8](repeating: UInt8(length % 251), count: length)
      kept.append((store.keep(text[...]), Array(text.prefix(256))))
    }
    for (handle, text) in kept { #expect(Array(store[handle]) == text) }
    let short = store.keep([1, 2, 3])
    store.forget(short)
    let again = store.keep([4, 5])
    #expect(again == short)
    #expect(Array(store[short]) == [4, 5])
    store.forget(TextStore.none)
  }

  @Test func `chains of a pool grow up to its capacity, and give their nodes back`() {
    var pool = NodePool<Edge>(capacity: 3)
    let edge = Edge(from: .none, to: .none, travels: 1)
    let none = NodePool<Edge>.none
    guard let first = pool.push(edge, before: none), let second = pool.push(edge, before: first),
      let third = pool.push(edge, before: none)
    else {
      Issue.record("there was room")
      return
    }
    let fourth = pool.push(edge, before: none)
    #expect(fourth == nil)
    pool[first].travels = 7
    #expect(pool.first(from: second) { $0.travels == 7 } == first)
    #expect(pool.first(from: third) { $0.travels == 7 } == nil)
    pool.drop(second)
    let more = (0..<3).map { _ in pool.push(edge, before: none) != nil }
    #expect(more == [true, true, false])
  }

  @Test func `names beyond the cap share the last row`() {
    var names = CappedNames(most: 2, columns: 1)
    let isKept = ["a", "b", "c", "a"].map { names.count(Array($0.utf8)[...]) }
    #expect(isKept == [true, true, false, true])
    #expect(names.rows.map(\.counts) == [[2], [1], [1]])
  }
}

@Suite struct TimerTests {
  @Test func `deadlines are met in order, whatever the steps`() {
    for seed in UInt64(1)...30 {
      var random = Generator(seed: seed)
      var wheel = TimerWheel()
      var expected: [Int: Int64] = [:]
      var now: Int64 = 1_790_000_000_000_000
      _ = wheel.next(until: now)
      for _ in 0..<400 {
        let owner = Int.random(in: 0..<50, using: &random)
        if Int.random(in: 0..<4, using: &random) == 0 {
          wheel.withdraw(owner)
          expected[owner] = nil
        } else {
          let ahead = Int64.random(
            in: -2_000_000..<[3_000_000, 90_000_000, 6_000_000_000][owner % 3], using: &random)
          wheel.set(owner, now + ahead)
          expected[owner] = now + ahead
        }
        now += Int64.random(
          in: 0..<[1000, 4_000_000, 900_000_000][Int.random(in: 0..<3, using: &random)], using: &random)
        var last = Int64.min
        while let (owner, deadline) = wheel.next(until: now) {
          #expect(deadline == expected[owner])
          #expect(deadline <= now && deadline >= last)
          last = deadline
          expected[owner] = nil
        }
        #expect(expected.values.allSatisfy { $0 > now })
      }
    }
  }

  @Test func `what is set while others are met is met in its turn`() {
    var wheel = TimerWheel()
    wheel.set(0, 10_000_000)
    wheel.set(1, 9_000_000_000)
    var met: [Int64] = []
    while let (owner, deadline) = wheel.next(until: 20_000_000_000) {
      met.append(deadline)
      if owner == 0, deadline < 8_000_000_000 { wheel.set(0, deadline + 600_000_000) }
    }
    #expect(met == met.sorted())
    #expect(met.count == 16)
  }
}
