import Platform
import Synchronization

/// What all connections of a server share.
final class ServerCore: Sendable {
  let handler: any RequestHandler
  let limits: HTTPLimits
  let deadlines: Deadlines
  let time: any TimeSource
  let log: Log
  let budget: ByteBudget
  let requests = RequestCount()
  let counters = Counters()
  let connections = ConnectionTable()
  /// Connections the library may have; beyond it they are closed unheard.
  let acceptedLimit: Int
  /// Connections that are served; between the two they are told to come again.
  let servedLimit: Int
  /// From the start of the drain on every answer ends its connection.
  let isDraining = Atomic<Bool>(false)
  /// From the end of the drain on nothing may stay suspended.
  let isEnding = Atomic<Bool>(false)
  /// Threads that are in the middle of resuming a connection, which may be answered before they are out again.
  let resumers = Atomic<Int>(0)

  init(
    handler: any RequestHandler, limits: HTTPLimits, openFiles: Int, time: any TimeSource, log: Log
  ) {
    self.handler = handler
    self.limits = limits
    self.time = time
    self.log = log
    deadlines = Deadlines(limits)
    budget = ByteBudget(limit: limits.bytesInFlight)
    acceptedLimit = limits.accepted(openFiles: openFiles)
    servedLimit = limits.served(accepted: acceptedLimit)
  }

  /// No room: try again.
  func shed(_ detail: String) -> Response {
    counters.shed.count()
    return .problem(503, detail, retryAfter: limits.retryAfterSeconds)
  }

  var statistics: HTTPStatistics {
    HTTPStatistics(
      connections: connections.count, requests: requests.count, bytesInFlight: budget.bytes,
      accepted: counters.accepted.now, handled: counters.handled.now, malformed: counters.malformed.now,
      shed: counters.shed.now, cut: counters.cut.now, overdue: counters.overdue.now,
      ignoredReplies: counters.ignoredReplies.now, unsent: counters.unsent.now)
  }
}
