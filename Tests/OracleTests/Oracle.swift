import Platform
import TestSupport
import Testing

/// One run of the oracle: two sidecars on one PostgreSQL, producers, faults, and the judge.
final class Oracle {
  let ledger: Ledger
  private let cluster: TestCluster
  private let database: TestDatabase
  private let disk: SmallDisk?
  private let fleet: Fleet
  private let producers: Producers
  private var faults: Rounds
  private let start = SystemTime().now()

  init(_ random: SeededRandom) throws {
    // Nobody pulls the plug: what a killed server has written is in the system's memory. So commits are written out,
    // but not synced, and recovery takes tenths of seconds.
    cluster = try TestCluster(.init(settings: ["synchronous_commit": "on"]))
    database = try cluster.database()
    disk = try SmallDisk(megabytes: 6)
    if disk == nil { print("the oracle: no tmpfs here; the spool is full at its own capacity instead") }
    fleet = try Fleet(
      2, on: database, arguments: ["--spool-capacity", "4MiB", "--database-timeout", "1s"],
      disks: disk.map { [0: $0] } ?? [:])
    let hourAgo = Int(SystemTime().wall().microseconds / 1_000) - 3_600_000
    ledger = Ledger(random.seed, sidecars: 2, start: hourAgo)
    producers = try Producers(4, ledger, rest: .milliseconds(40)) { [fleet] in fleet.endpoint($0) }
    faults = Rounds(fleet, database, ledger, producers, disk: disk, random)
  }

  /// How often each fault happened.
  var rounds: [Fault: Int] { faults.counts }

  /// Events that were spooled although they were stored already, by what the sidecars that run now have seen.
  private(set) var duplicatesAtCommit = 0.0

  /// Runs all rounds.
  func breakEverything() throws {
    try faults.run(Fault.allCases.flatMap { Array(repeating: $0, count: $0.rounds) })
  }

  /// Lets everything that has no 200 be tried until it has, and waits until it is in PostgreSQL.
  func settle() throws {
    ledger.close()
    let isSettled = ledger.waitUntilSettled(within: .seconds(60))
    producers.stop()
    if !isSettled { throw TestFailure("not everything was answered 200 after the faults: \(ledger.counts)") }
    try fleet.waitUntilDrained(within: .seconds(60))
    for number in 0..<fleet.count {
      duplicatesAtCommit += try fleet.metric(number, "handoffd_store_duplicates_total")
    }
  }

  /// Sends an event to each sidecar, and asks the other one for it.
  func checkAFreshEvent() throws {
    for number in 0..<fleet.count {
      let other = (number + 1) % fleet.count
      guard let here = fleet.endpoint(number), let there = fleet.endpoint(other) else {
        throw TestFailure("a sidecar does not run")
      }
      let id = "fresh-\(number)"
      let answer = try HTTPConnection(here).post(
        "/v1/events",
        #"{"type":"handoff.initiated","handoff_id":"\#(id)","from_agent":"a","to_agent":"b"}"#)
      #expect(answer.status == 200)
      try eventually("a fresh event", within: .seconds(30), every: .milliseconds(20)) {
        try HTTPConnection(there).get("/v1/handoffs/\(id)").status == 200
      }
      try database.psql(
        "DELETE FROM handoffd.handoff_events WHERE handoff_id = '\(id)'; DELETE FROM handoffd.handoffs WHERE handoff_id = '\(id)'"
      )
    }
  }

  /// Compares the database with what the producers know.
  func judge() throws -> (Judgement, StoredState) {
    let state = try StoredState(database.connect())
    return (try Judgement(state, sent: ledger.events, acknowledged: ledger.acknowledged), state)
  }

  /// Prints the figures.
  func tell(_ judgement: Judgement) {
    let counts = ledger.counts
    let seconds = (SystemTime().now() - start).components.seconds
    print(
      """
      the oracle, \(seconds) s: \(rounds.values.reduce(0, +)) rounds
        \(Fault.allCases.map { "\($0.rawValue): \(rounds[$0] ?? 0)" }.joined(separator: ", "))
        connections cut \(fleet.proxies.reduce(0) { $0 + $1.counts.cuts }), made \(fleet.proxies.reduce(0) { $0 + $1.counts.connections })
        requests \(counts.requests): 200 \(counts.acknowledged), 429 or 503 \(counts.refused), unanswered \(counts.lost), nobody there \(counts.unreachable)
        events sent \(ledger.events.count), stored \(judgement.stored), of them without a 200 \(judgement.unacknowledged); records \(judgement.records)
        retried \(counts.retried), at the other sidecar \(counts.moved); resent after a 200 \(counts.repeated); known already \(counts.knownAlready); abandoned \(counts.abandoned)
      """)
  }
}
