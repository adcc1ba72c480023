import Model
import Platform
import Store

/// One kind of question to a record: as a client asks the sidecar, and as the sidecar asks its store.
struct RecordQuestion {
  var what: String
  /// How often it is asked in a round.
  var count: Int
  var target: (Int, LoadedRecord) -> String
  var ask: (StoreQueries, Int, LoadedRecord) throws -> Void

  /// All kinds; most of them are asked `count` times a round.
  static func all(count: Int, now: WallTime) -> [Self] {
    let week = Timestamp(microseconds: now.microseconds - 7 * 86_400_000_000)
    let year = Timestamp(microseconds: now.microseconds - 365 * 86_400_000_000)
    let until = Timestamp(microseconds: now.microseconds)
    let few = max(100, count * 3 / 10)
    return [
      handoff(count), task(count), failed(count, since: week), page(count),
      rare("a reason", count, "reason=recovery") { $0.reason = "recovery" },
      rare("lost context", count, "max_completeness=0.5") { $0.maxCompleteness = 0.5 },
      rare("a long wait", count, "min_ack_latency=30") { $0.minAcknowledgementLatency = 30_000_000 },
      series("p99 of a year by day", few, from: year, to: until) { _ in nil },
      series("p99 of a year by day, for an agent", few, from: year, to: until, RecordWorkload.agent),
    ]
  }

  /// The number of a handoff, by chance.
  private static func any(_ number: Int, of loaded: LoadedRecord) -> Int {
    Int(RecordWorkload.mix(number) % UInt64(loaded.workload.handoffs))
  }

  private static func handoff(_ count: Int) -> Self {
    Self(what: "a handoff by its id", count: count) {
      "/v1/handoffs/ho-\(any($0, of: $1))"
    } ask: {
      _ = try $0.handoff("ho-\(any($1, of: $2))")
    }
  }

  private static func task(_ count: Int) -> Self {
    Self(what: "the way of a task", count: count) {
      "/v1/tasks/task-\(any($0, of: $1) / 4)"
    } ask: {
      _ = try $0.task("task-\(any($1, of: $2) / 4)")
    }
  }

  private static func failed(_ count: Int, since: Timestamp) -> Self {
    Self(what: "failed towards an agent in a week", count: count) { number, _ in
      "/v1/handoffs?to_agent=\(RecordWorkload.agent(number))&state=failed&since=\(since.text)"
    } ask: { queries, number, _ in
      var filter = HandoffFilter()
      filter.toAgent = RecordWorkload.agent(number)
      filter.state = .failed
      filter.since = since
      _ = try queries.handoffs(filter)
    }
  }

  private static func page(_ count: Int) -> Self {
    Self(what: "page 100 by cursor", count: count) {
      "/v1/handoffs?limit=100&cursor=\($1.hundredth)"
    } ask: {
      queries, _, loaded in
      _ = try queries.handoffs(HandoffFilter(), cursor: loaded.hundredth)
    }
  }

  /// What so few handoffs have that a page of them is not filled.
  private static func rare(
    _ what: String, _ count: Int, _ query: String, _ narrow: @escaping (inout HandoffFilter) -> Void
  ) -> Self {
    Self(what: "\(what) that six handoffs have", count: count) { _, _ in
      "/v1/handoffs?\(query)"
    } ask: {
      queries, _, _ in
      var filter = HandoffFilter()
      narrow(&filter)
      _ = try queries.handoffs(filter)
    }
  }

  private static func series(
    _ what: String, _ count: Int, from since: Timestamp, to until: Timestamp,
    _ agent: @escaping (Int) -> String?
  ) -> Self {
    Self(what: what, count: count) { number, _ in
      "/v1/series?metric=ack_latency_seconds&step=1d&since=\(since.text)"
        + (agent(number).map { "&to_agent=\($0)" } ?? "")
    } ask: { queries, number, _ in
      var question = SeriesQuestion(since: since, until: until, step: .seconds(86_400), now: until)
      question.toAgent = agent(number)
      question.measure = .acknowledgement
      _ = try queries.series(question)
    }
  }
}
