import Configuration
import HTTPServer
import Model
import Platform
import Store

/// Answers for the whole fleet from the database, and for this sidecar from memory: also where the database is away.
struct FleetView: Sendable {
  let numbers: Numbers
  let readers: Readers
  let live: LiveSettings
  let isStoreUp: @Sendable () -> Bool
  let time: any TimeSource

  /// Answers from memory where that is asked for, or the database is away and memory can; else from the database.
  func answer(
    _ scope: Scope, _ reply: Reply, memory: (@Sendable () -> Response)?,
    database: @escaping Readers.Answer
  ) {
    if let memory, scope == .instance || !isStoreUp() { return reply.send(memory()) }
    readers.ask(reply, otherwise: memory, database)
  }

  /// The moment of a question, and the times by which handoffs are judged, as configured now.
  var clock: FleetClock {
    let settings = live.current
    return FleetClock(
      now: Timestamp(microseconds: time.wall().microseconds), overdueAfter: settings.acknowledgementTimeout,
      idleAfter: settings.idleAfter)
  }

  /// How long handoffs are kept.
  var retention: Duration { live.current.retention }
}

extension FleetClock {
  /// That long before the question, but not before all time.
  func since(_ window: Duration) -> Timestamp {
    let (moment, overflow) = now.microseconds.subtractingReportingOverflow(window.wholeMicroseconds)
    return overflow ? .earliest : max(.earliest, Timestamp(microseconds: moment))
  }

  /// The clock for records.
  var records: HandoffClock { HandoffClock(now: now, overdueAfter: overdueAfter.wholeMicroseconds) }
}
