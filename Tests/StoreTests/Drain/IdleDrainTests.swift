import Platform
import Postgres
import TestSupport
import Testing

@testable import Store

/// A drain with nothing to do notices that its database is gone, and that it is back.
@Suite struct IdleDrainTests {
  /// Keeps watch closely, so that a test need not wait.
  private static func closely(_ settings: inout StoreSettings) {
    settings.watchPace = .milliseconds(200)
    settings.watchDeadline = .milliseconds(500)
    settings.longestPause = .milliseconds(200)
  }

  private func isAway(_ store: Store) -> Bool { !store.status.isUp && store.status.fault != nil }
  private func isBack(_ store: Store) -> Bool { store.status.isUp && store.status.fault == nil }

  @Test(arguments: Route.allCases)
  func `a server that is stopped is missed, and found again when it is back`(_ route: Route) throws {
    let cluster = try TestCluster(TestCluster.Options(isDurable: true))
    let rig = try Rig(route, cluster: cluster)
    let store = try rig.store(ArraySource(), change: Self.closely)
    defer { store.stop() }
    try eventually { isBack(store) }
    try cluster.stop()
    try eventually("a database that is away") { isAway(store) }
    try cluster.start()
    try eventually("a database that is back") { isBack(store) }
    #expect(store.status.errors[.watch, default: 0] >= 1)
    #expect(store.status.errors[.write] == nil)
  }

  @Test func `a session that the server ends is missed at once, with the server's reason`() throws {
    let rig = try Rig()
    let lines = Lines()
    let store = try rig.store(ArraySource(), log: Log(sink: lines.add)) { $0.watchPace = .seconds(3600) }
    defer { store.stop() }
    try eventually { isBack(store) }
    try rig.database.psql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'handoffd/test'"
    )
    try eventually("another connection") { isBack(store) && store.status.connections == 2 }
    #expect(lines.hold("administrator command"))
  }

  @Test func `a connection that is cut is missed at once`() throws {
    let rig = try Rig()
    let proxy = try FaultProxy(.port(rig.cluster.port))
    defer { proxy.stop() }
    let store = try rig.store(ArraySource(), DatabaseAddress(rig.database.uri(port: proxy.port))) {
      $0.watchPace = .seconds(3600)
    }
    defer { store.stop() }
    try eventually { isBack(store) }
    proxy.refuse(true)
    proxy.cutAll()
    try eventually("a database that is away") { isAway(store) }
    proxy.refuse(false)
    try eventually("a database that is back") { isBack(store) }
  }

  @Test func `a network that swallows everything is missed after a few seconds`() throws {
    let rig = try Rig()
    let proxy = try FaultProxy(.port(rig.cluster.port))
    defer { proxy.stop() }
    let store = try rig.store(
      ArraySource(), DatabaseAddress(rig.database.uri(port: proxy.port)), change: Self.closely)
    defer { store.stop() }
    try eventually { isBack(store) }
    proxy.blackhole(true)
    try eventually("a database that is away") { isAway(store) }
    #expect(store.status.errors[.watch, default: 0] >= 1)
    proxy.blackhole(false)
    try eventually("a database that is back") { isBack(store) }
  }

  @Test(arguments: Route.allCases)
  func `watching leaves no transaction open, and keeps its connection`(_ route: Route) throws {
    let rig = try Rig(route)
    let store = try rig.store(ArraySource()) {
      $0.watchPace = .zero
      $0.watchDeadline = .seconds(30)
    }
    defer { store.stop() }
    try eventually("a question after the drain has begun") {
      try rig.database.psql(
        "SELECT state, xact_start IS NULL FROM pg_stat_activity WHERE datname = current_database() AND query = 'SELECT 1'"
      ) == "idle|t"
    }
    #expect(store.status.connections == 1)
  }

  @Test func `a server that answered lately is not asked again`() throws {
    let rig = try Rig()
    let proxy = try FaultProxy(.port(rig.cluster.port))
    defer { proxy.stop() }
    let connection = try rig.connection(DatabaseAddress(rig.database.uri(port: proxy.port)))
    let session = DrainSession(connection, spool: .random, time: rig.time)
    proxy.blackhole(true)
    try session.watch(every: .seconds(3600), answerWithin: .milliseconds(100))
    let error = try #require(throws: PostgresError.self) {
      try session.watch(every: .zero, answerWithin: .milliseconds(100))
    }
    #expect(error.code == .deadline)
  }
}
