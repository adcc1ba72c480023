import Platform
import Postgres
import TestSupport
import Testing

@Suite(.serialized) struct CommittedTests {
  private static let faults: [Fault] = [
    .killSidecar, .cutAll, .cutAfterCommit, .cutBeforeCommit, .killBackend, .cutAfterCommit, .killSidecar,
    .databaseDown, .cutBeforeCommit, .stopBackend, .killPostmaster, .cutAfterCommit,
  ]

  @Test
  func `with ack postgres what got a 200 is in PostgreSQL at that moment, also while everything breaks`()
    throws
  {
    let random = SeededRandom(for: "ack postgres")
    let cluster = try TestCluster(.init(settings: ["synchronous_commit": "on"]))
    let database = try cluster.database()
    let fleet = try Fleet(
      1, on: database, arguments: ["--ack", "postgres", "--database-timeout", "1s"])
    let witnesses = Witnesses()
    let hourAgo = Int(SystemTime().wall().microseconds / 1_000) - 3_600_000
    let ledger = Ledger(random.seed, sidecars: 1, start: hourAgo)
    let witness = { @Sendable () throws -> Producers.Witness in
      let connection = Reconnecting(database)
      return { events in witnesses.note(events.count, missing: connection.missing(among: events)) }
    }
    let producers = try Producers(
      4, ledger, rest: .milliseconds(5), to: { fleet.endpoint($0) }, witness: witness)
    var rounds = Rounds(fleet, database, ledger, producers, disk: nil, random)
    try rounds.run(Self.faults + Self.faults)
    ledger.close()
    #expect(ledger.waitUntilSettled(within: .seconds(60)))
    producers.stop()
    let (seen, missing) = witnesses.sum
    print("ack postgres: \(seen) events looked for right after their 200, \(ledger.counts)")
    #expect(missing == [])
    #expect(seen > 200)
    #expect(ledger.counts.lost > 0)
    #expect(ledger.surprises == [])
    let judgement = try Judgement(
      StoredState(database.connect()), sent: ledger.events, acknowledged: ledger.acknowledged)
    #expect(judgement.lost == [])
    #expect(judgement.doubled == [])
    #expect(judgement.wrongRecords == [])
  }
}

/// What those saw who looked right after a 200.
private final class Witnesses: Sendable {
  private let state = Guarded((0, [SentEvent.Identity]()))

  func note(_ count: Int, missing: [SentEvent.Identity]) {
    state.withLock {
      $0.0 += count
      $0.1 += missing
    }
  }

  var sum: (Int, [SentEvent.Identity]) { state.withLock { $0 } }
}

/// A connection past the proxy, made anew until PostgreSQL answers.
///
/// `@unchecked Sendable` because only the lane that made it uses it.
private final class Reconnecting: @unchecked Sendable {
  private let database: TestDatabase
  private var connection: Connection?

  init(_ database: TestDatabase) {
    self.database = database
  }

  /// Those of the events that are not in the database now.
  func missing(among events: [SentEvent]) -> [SentEvent.Identity] {
    let found = try? eventually("an answer of PostgreSQL", within: .seconds(40)) {
      () -> [SentEvent.Identity]? in
      do {
        let connection = try self.connection ?? database.connect()
        self.connection = connection
        return try Self.missing(events, connection)
      } catch {
        self.connection = nil
        return nil
      }
    }
    return found ?? events.map(\.identity)
  }

  private static func missing(
    _ events: [SentEvent], _ connection: Connection
  ) throws -> [SentEvent.Identity] {
    try events.map(\.identity).filter { identity in
      let (table, column) =
        identity.kind == "handoff" ? ("handoff_events", "handoff_id") : ("subject_events", "subject")
      let count: Int64 = try connection.execute(
        "SELECT count(*) FROM handoffd.\(table) WHERE \(column) = $1 AND event_id = $2",
        [.text(identity.subject), .text(identity.eventID)], until: SystemTime().now() + .seconds(10)
      ).single()
      return count != 1
    }
  }
}
