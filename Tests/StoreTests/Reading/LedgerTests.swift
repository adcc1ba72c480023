import Model
import Platform
import Spool
import Store
import TestSupport
import Testing

/// What sidecars share of alerts, straight and through PgBouncer.
@Suite struct LedgerTests {
  private static let limit = Duration.seconds(10)

  /// Two sidecars on one database.
  private struct Pair {
    let rig: Rig
    let stores: [Store]
    let spools: [SpoolID]
    var first: AlertLedger { stores[0].alerts }
    var second: AlertLedger { stores[1].alerts }

    init(_ route: Route) throws {
      rig = try Rig(route)
      let sources = [ArraySource(), ArraySource()]
      for source in sources {
        source.append([
          Occurrence(type: .initiated, id: "e\(source.identity)", handoff: "h\(source.identity)")
        ])
      }
      spools = sources.map(\.identity)
      stores = try [rig.store(sources[0], instance: "one"), rig.store(sources[1], instance: "two")]
      for (store, source) in zip(stores, sources) { try store.drained(source) }
    }

    func stop() { stores.forEach { $0.stop() } }

    /// Lets an episode have been unseen for so long.
    func age(_ fingerprint: String, _ interval: String) throws {
      _ = try rig.database.psql(
        "UPDATE handoffd.alert_episodes SET seen_at = now() - interval '\(interval)' WHERE fingerprint = '\(fingerprint)'"
      )
    }
  }

  private func episode(_ fingerprint: String, _ rule: String = "A", at seconds: Int64 = 0) -> Episode {
    Episode(
      fingerprint: fingerprint, since: Timestamp(microseconds: Occurrence.base + seconds * 1_000_000),
      alert: rule, content: Array("content of \(fingerprint)".utf8))
  }

  private func words(_ claims: [String: AlertLedger.Claim]) -> [String: String] {
    claims.mapValues { claim in
      switch claim {
      case .new: "new"
      case .others: "others"
      case .inherited(let since, let isTold):
        "since \((since.microseconds - Occurrence.base) / 1_000_000), \(isTold ? "told" : "untold")"
      }
    }
  }

  @Test(arguments: Route.allCases)
  func `an episode is claimed by the first, and a new one by whoever sees it`(_ route: Route) throws {
    let pair = try Pair(route)
    defer { pair.stop() }
    #expect(
      words(try pair.first.claim([episode("a"), episode("b")], within: Self.limit)) == [
        "a": "new", "b": "new",
      ])
    #expect(
      words(try pair.second.claim([episode("b", at: 5), episode("c")], within: Self.limit)) == [
        "b": "others", "c": "new",
      ])
    // Whoever forgot what it had begun goes on with it.
    #expect(
      words(try pair.first.claim([episode("a", at: 9)], within: Self.limit)) == ["a": "since 0, untold"])
    try pair.second.end(["a"], within: Self.limit)
    #expect(words(try pair.second.claim([episode("a", at: 9)], within: Self.limit)) == ["a": "others"])
    try pair.first.end(["a"], within: Self.limit)
    #expect(words(try pair.second.claim([episode("a", at: 9)], within: Self.limit)) == ["a": "new"])
  }

  @Test(arguments: Route.allCases)
  func `an orphan goes on as the same episode, told or not`(_ route: Route) throws {
    let pair = try Pair(route)
    defer { pair.stop() }
    let all = ["told", "untold", "old"].map { episode($0, at: 1) }
    _ = try pair.first.claim(all, within: Self.limit)
    try pair.first.noteTold(["told"], within: Self.limit)
    try pair.second.noteTold(["untold"], within: Self.limit)
    for fingerprint in ["told", "untold"] { try pair.age(fingerprint, "2 minutes") }
    try pair.age("old", "20 minutes")
    let claims = try pair.second.claim(all.map { episode($0.fingerprint, at: 100) }, within: Self.limit)
    #expect(words(claims) == ["told": "since 1, told", "untold": "since 1, untold", "old": "new"])
    try pair.age("told", "80 seconds")
    try pair.second.keep(["told"], within: Self.limit)
    #expect(words(try pair.first.claim([episode("told")], within: Self.limit)) == ["told": "others"])
  }

  @Test(arguments: Route.allCases)
  func `whoever leads takes over what fires, and adopts what nobody sees`(_ route: Route) throws {
    let pair = try Pair(route)
    defer { pair.stop() }
    #expect(try pair.first.hold("l", for: .seconds(60), within: Self.limit))
    #expect(try !pair.second.hold("l", for: .seconds(60), within: Self.limit))
    #expect(try pair.first.hold("l", for: .seconds(60), within: Self.limit))
    let all = [
      episode("fleet", "Fleet"), episode("page", "Own"), episode("paged", "Own"), episode("seen", "Own"),
    ]
    _ = try pair.first.claim(all, within: Self.limit)
    try pair.first.noteTold(["fleet", "paged"], within: Self.limit)
    try pair.first.yield("l", within: Self.limit)
    #expect(try pair.second.hold("l", for: .seconds(60), within: Self.limit))
    let taken = try pair.second.takeOver(rules: ["Fleet"], within: Self.limit)
    #expect(taken.map(\.fingerprint) == ["fleet"] && taken.allSatisfy(\.isTold))
    #expect(taken.first?.content == Array("content of fleet".utf8))
    #expect(words(try pair.first.claim([episode("fleet")], within: Self.limit)) == ["fleet": "others"])
    for fingerprint in ["page", "paged"] { try pair.age(fingerprint, "2 minutes") }
    #expect(try pair.second.adopt(within: Self.limit).map(\.fingerprint) == ["page"])
    try pair.age("paged", "16 minutes")
    #expect(try pair.second.adopt(within: Self.limit).map(\.fingerprint) == ["paged"])
    #expect(try pair.second.adopt(within: Self.limit).isEmpty)
  }

  @Test(arguments: Route.allCases)
  func `seconds are told to others, and replaced while they last`(_ route: Route) throws {
    let pair = try Pair(route)
    defer { pair.stop() }
    let (one, two) = (pair.spools[0], pair.spools[1])
    func moment(_ seconds: Int64) -> Timestamp {
      Timestamp(microseconds: Occurrence.base + seconds * 1_000_000)
    }
    let told = try pair.first.publish(
      [(moment(0), [1]), (moment(5), [2])], of: one, othersSince: .earliest, within: Self.limit)
    #expect(told)
    _ = try pair.first.publish(
      [(moment(5), [3]), (moment(10), [4])], of: one, othersSince: .earliest, within: Self.limit)
    let found = try pair.second.slices(
      besides: two, from: moment(5), changedSince: .earliest, within: Self.limit)
    #expect(found.slices.sorted { $0.start < $1.start }.map(\.figures) == [[3], [4]])
    #expect(Set(found.slices.map(\.source)).count == 1)
    let latest = try #require(found.latest)
    let after = Timestamp(microseconds: latest.microseconds + 1)
    #expect(
      try pair.second.slices(besides: two, from: moment(0), changedSince: after, within: Self.limit).slices
        .isEmpty)
    #expect(
      try pair.first.slices(besides: one, from: moment(0), changedSince: .earliest, within: Self.limit).slices
        .isEmpty)
    try pair.second.forgetSlices(before: moment(10), within: Self.limit)
    #expect(try pair.rig.count("window_slices") == 1)
    // Nobody else has been there since the day after tomorrow.
    let alone = try pair.first.publish(
      [(moment(20), [5])], of: one, othersSince: .latest, within: Self.limit)
    #expect(!alone)
    #expect(try pair.rig.count("window_slices") == 1)
  }
}
