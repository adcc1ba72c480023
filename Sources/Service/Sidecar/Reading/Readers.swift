// Reading queries run on lanes of their own, each with its own connection, so that neither a slow
// query nor a dead database delays ingest or the drain. The queue is short: what cannot be answered
// soon is refused at once, in words.
import HTTPServer
import Platform
import Postgres

/// The lanes on which reading queries run.
final class Readers: Sendable {
  /// A question to the database, and whom to tell.
  private struct Job: Sendable {
    var expires: MonotonicInstant
    var answer: @Sendable (Connection, MonotonicInstant) throws(PostgresError) -> Response
    var reply: Reply
  }

  private struct State: Sendable {
    var pool: ConnectionPool?
    var jobs: [Job] = []
    var isClosed = false
  }

  private let gate = Gate(State())
  private let time: any TimeSource
  private let log: Log
  private let patience: Duration
  private let limit: Int

  /// Lanes are started by `start`; a question is answered or refused within `patience`.
  init(patience: Duration, limit: Int, time: any TimeSource, log: Log) {
    self.patience = patience
    self.limit = limit
    self.time = time
    self.log = log
  }

  /// Starts `count` lanes.
  func start(_ count: Int) throws(SystemError) -> [Lane] {
    var lanes: [Lane] = []
    for number in 1...max(1, count) {
      lanes.append(try Lane(name: "reader-\(number)") { self.work() })
    }
    return lanes
  }

  /// Where the database is, as soon as that is known.
  func use(_ address: DatabaseAddress) {
    let options = SessionOptions(applicationName: "handoffd/reader", readWrite: false)
    let pool = ConnectionPool(address, options, limit: 4, time: time, log: log)
    gate.withLock { $0.pool = pool }
  }

  /// Answers with what `answer` makes of the database, or says why not.
  func ask(
    _ reply: Reply, _ answer: @escaping @Sendable (Connection, MonotonicInstant) throws(PostgresError) -> Response
  ) {
    let job = Job(expires: time.now() + patience, answer: answer, reply: reply)
    let refusal = gate.withLock { state -> Response? in
      if state.isClosed { return Self.unavailable("the sidecar is stopping") }
      if state.pool == nil { return Self.unavailable("the database is still being started") }
      if state.jobs.count >= limit { return Self.unavailable("too many queries are waiting") }
      state.jobs.append(job)
      return nil
    }
    if let refusal { reply.send(refusal) } else { gate.signal() }
  }

  /// Ends the lanes once they have answered what they hold.
  func close() {
    gate.withLock { $0.isClosed = true }
    gate.broadcast()
  }

  private func work() {
    while let (job, pool) = next() {
      if time.now() >= job.expires {
        job.reply.send(Self.unavailable("the query waited too long for its turn"))
      } else {
        job.reply.send(answer(job, pool))
      }
    }
  }

  private func next() -> (Job, ConnectionPool)? {
    gate.wait(until: nil) { state -> (Job, ConnectionPool)?? in
      if let pool = state.pool, !state.jobs.isEmpty { return (state.jobs.removeFirst(), pool) }
      return state.isClosed ? .some(nil) : nil
    }.flatMap { $0 }
  }

  private func answer(_ job: Job, _ pool: ConnectionPool) -> Response {
    do throws(PostgresError) {
      return try ask(job, pool)
    } catch {
      // A connection that sat idle may have died unseen: what the network says is tried once more.
      guard error.sqlState == nil, error.code == .connection else { return refuse(error) }
    }
    do throws(PostgresError) {
      return try ask(job, pool)
    } catch {
      return refuse(error)
    }
  }

  private func ask(_ job: Job, _ pool: ConnectionPool) throws(PostgresError) -> Response {
    try pool.withConnection(until: job.expires) { connection throws(PostgresError) in
      try job.answer(connection, job.expires)
    }
  }

  private func refuse(_ error: PostgresError) -> Response {
    log(
      .warning, "cannot answer a query from the database; the client is told to try again",
      ["error": .of(error)])
    return Self.unavailable("the database does not answer; events are still taken in and kept")
  }

  private static func unavailable(_ reason: String) -> Response {
    .problem(503, reason, retryAfter: 1)
  }
}
