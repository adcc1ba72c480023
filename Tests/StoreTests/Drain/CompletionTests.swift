import Model
import Platform
import Postgres
import Store
import TestSupport
import Testing

/// What the drains of a test have told, by handoff.
private final class Told: Sendable {
  private let pairs = Guarded<[String: [StoredPairs]]>([:])

  func note(_ handoffs: [CompletedHandoff]) {
    pairs.withLock { pairs in
      for handoff in handoffs {
        pairs[String(decoding: handoff.id, as: UTF8.self), default: []].append(handoff.pairs)
      }
    }
  }

  /// How often each pair was told.
  func count(_ pair: StoredPairs) -> [String: Int] {
    pairs.withLock { $0.mapValues { told in told.count { $0.contains(pair) } }.filter { $0.value > 0 } }
  }
}

@Suite struct CompletionTests {
  private func store(
    _ source: ArraySource, _ rig: Rig, _ told: Told, instance: String, through proxy: FaultProxy? = nil
  ) throws -> Store {
    let address = try proxy.map { try DatabaseAddress(rig.database.uri(port: $0.port)) }
    let store = Store(
      rig.settings(instance: instance, address), source: source, seed: .random(in: 0...(.max)),
      time: rig.time,
      log: rig.log, onCompletion: { handoffs, _ in told.note(handoffs) })
    try store.start()
    try eventually { store.status.isUp }
    return store
  }

  private func event(_ type: EventType, _ handoff: String, _ second: Int64) -> Occurrence {
    Occurrence(type: type, id: "\(type)", handoff: handoff, at: Occurrence.base + second * 1_000_000)
  }

  @Test func `each pair whose halves come to two sidecars is told by one commit, whatever the order`() throws
  {
    let rig = try Rig()
    let told = Told()
    let proxy = try FaultProxy(.port(rig.cluster.port))
    let sources = [ArraySource(), ArraySource()]
    let stores = try [
      store(sources[0], rig, told, instance: "a"),
      store(sources[1], rig, told, instance: "b", through: proxy),
    ]
    defer { stores.forEach { $0.stop() } }
    var random = SeededRandom(seed: 7)
    var halves: [(Occurrence, Int)] = []
    for number in 0..<300 {
      let side = number % 2
      halves.append((event(.initiated, "h\(number)", 0), side))
      halves.append((event(.acknowledged, "h\(number)", 2), 1 - side))
      halves.append((event(.completed, "h\(number)", 3), 1 - side))
    }
    for (number, (half, side)) in halves.shuffled(using: &random).enumerated() {
      sources[side].append([half])
      // The answer to a commit is lost now and then.
      if number % 100 == 50 { proxy.cutAfterCommit() }
    }
    for (store, source) in zip(stores, sources) { try store.drained(source) }
    let once = Dictionary(uniqueKeysWithValues: (0..<300).map { ("h\($0)", 1) })
    #expect(told.count(.acknowledgement) == once)
    #expect(told.count(.duration) == once)
    #expect(proxy.counts.cuts > 0)
  }

  @Test func `whoever is alone tells nothing, and what came as a whole is told by nobody`() throws {
    let rig = try Rig()
    let told = Told()
    let source = ArraySource()
    let first = try store(source, rig, told, instance: "alone")
    source.append([event(.initiated, "h", 0)])
    try first.drained(source)
    source.append([event(.acknowledged, "h", 1)])
    try first.drained(source)
    #expect(told.count(.acknowledgement).isEmpty)
    let other = try store(ArraySource(), rig, told, instance: "other")
    source.append([event(.initiated, "whole", 0), event(.acknowledged, "whole", 1)])
    try first.drained(source)
    source.append([event(.step, "whole", 2)])
    try first.drained(source)
    #expect(told.count(.acknowledgement).isEmpty)
    for store in [first, other] { store.stop() }
  }
}
