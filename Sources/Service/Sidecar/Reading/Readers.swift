// Reading queries run on lanes of their own, so that neither a slow query nor a dead database delays
// ingest or the drain. The queue is short: what cannot be answered soon is refused at once, in words.
import HTTPServer
import Platform
import Store

/// The lanes on which reading queries run.
final class Readers: Sendable {
  /// What answers a question: it may block until its deadline.
  typealias Answer = @Sendable (StoreQueries) throws(StoreError) -> Response

  /// A question to the database, and whom to tell.
  private struct Job: Sendable {
    var expires: MonotonicInstant
    var answer: Answer
    /// What is said where the database cannot answer; nil: that it cannot.
    var otherwise: (@Sendable () -> Response)?
    var reply: Reply
    /// What goes on on the lane once an answer with a body of its own was given.
    var then: (@Sendable (StoreQueries) -> Void)?

    /// The answer that it cannot be answered, with the reason.
    func refuse(_ reason: String) { reply.send(otherwise?() ?? Readers.unavailable(reason)) }
  }

  private struct State: Sendable {
    var queries: StoreQueries?
    var jobs: [Job] = []
    var isClosed = false
  }

  private let gate = Gate(State())
  private let time: any TimeSource
  private let log: Log
  private let patience: Duration
  private let limit: Int

  /// At most `limit` questions wait, each for at most `patience`.
  init(patience: Duration, limit: Int, time: any TimeSource, log: Log) {
    self.patience = patience
    self.limit = limit
    self.time = time
    self.log = log
  }

  /// Starts `count` lanes.
  func start(_ count: Int, name: String = "reader") throws(SystemError) -> [Lane] {
    var lanes: [Lane] = []
    for number in 1...max(1, count) {
      lanes.append(try Lane(name: "\(name)-\(number)") { self.work() })
    }
    return lanes
  }

  /// Where to ask, as soon as that is known.
  func use(_ queries: StoreQueries) {
    gate.withLock { $0.queries = queries }
    gate.broadcast()
  }

  /// Answers with what `answer` makes of the database; where it cannot be asked, with `otherwise`, or why not.
  func ask(
    _ reply: Reply, otherwise: (@Sendable () -> Response)? = nil, _ answer: @escaping Answer,
    then: (@Sendable (StoreQueries) -> Void)? = nil
  ) {
    let job = Job(
      expires: time.now() + patience, answer: answer, otherwise: otherwise, reply: reply, then: then)
    let refusal = gate.withLock { state -> String? in
      if state.isClosed { return "the sidecar is stopping" }
      if state.queries == nil {
        return "the database is still being started; events are taken in and kept"
      }
      if state.jobs.count >= limit { return "too many queries are waiting" }
      state.jobs.append(job)
      return nil
    }
    if let refusal { job.refuse(refusal) } else { gate.signal() }
  }

  /// Ends the lanes once they have answered what they hold.
  func close() {
    gate.withLock { $0.isClosed = true }
    gate.broadcast()
  }

  private func work() {
    while let (job, queries) = next() {
      if time.now() >= job.expires {
        job.refuse("the query waited too long for its turn")
      } else {
        let response = answer(job, queries)
        job.reply.send(response)
        if response.stream != nil { job.then?(queries) }
      }
    }
  }

  private func next() -> (Job, StoreQueries)? {
    gate.wait(until: nil) { state -> (Job, StoreQueries)?? in
      if let queries = state.queries, !state.jobs.isEmpty { return (state.jobs.removeFirst(), queries) }
      return state.isClosed ? .some(nil) : nil
    }.flatMap { $0 }
  }

  private func answer(_ job: Job, _ queries: StoreQueries) -> Response {
    do throws(StoreError) {
      return try job.answer(queries)
    } catch {
      return refuse(error, job.otherwise)
    }
  }

  private func refuse(_ error: StoreError, _ otherwise: (@Sendable () -> Response)?) -> Response {
    switch error.code {
    case .cursor, .question: return .problem(400, error.description)
    case .tooSlow:
      return otherwise?()
        ?? .problem(503, "the query takes too long; narrow it with since and until", retryAfter: 1)
    case .unavailable, .configuration:
      if let otherwise { return otherwise() }
      log(
        .warning, "cannot answer a query from the database; the client is told to try again",
        ["error": .of(error)])
      return Self.unavailable("the database does not answer; events are still taken in and kept")
    }
  }

  private static func unavailable(_ reason: String) -> Response {
    .problem(503, reason, retryAfter: 1)
  }
}
