import HTTPServer
import Model
import Platform
import Store

/// All handoffs that pass a filter, or all their events, as long as that may be.
struct ExportRoute: Sendable {
  /// Lanes of their own, so that an export keeps nobody else waiting.
  let readers: Readers
  /// After how many microseconds an unacknowledged handoff is overdue, as configured now.
  let overdueAfter: @Sendable () -> Int64
  let isStopping: StopFlag
  let time: any TimeSource
  let log: Log

  /// How long a client may take for a piece.
  private static let patience = Duration.seconds(30)

  var routes: [Route] {
    [Route("GET", "/v1/export") { request, reply in export(request, reply) }]
  }

  private func export(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, known: ["of", "format"] + HandoffFilter.parameters + ["order"])
    let now = Timestamp(microseconds: time.wall().microseconds)
    var export = Export(clock: HandoffClock(now: now, overdueAfter: overdueAfter()))
    export.filter = HandoffFilter(&query)
    export.subject = query.word("of", Export.Subject.allCases.map { ($0.rawValue, $0) }) ?? .handoffs
    export.format = query.word("format", Export.Format.allCases.map { ($0.rawValue, $0) }) ?? .ndjson
    export.order = query.word("order", HandoffOrder.allCases.map { ($0.rawValue, $0) }) ?? .descending
    if let refusal = query.refusal { return reply.send(refusal) }
    begin(export, reply)
  }

  /// The first page is made before there is a status, so that a database that is away is told as everywhere else.
  private func begin(_ export: Export, _ reply: Reply) {
    let stream = BodyStream()
    let first = Guarded<(pieces: [[UInt8]], next: String?)>(([export.header], nil))
    readers.ask(reply) { queries throws(StoreError) in
      var pieces = [export.header]
      // Nothing is sent yet, so the first page is as large as it is.
      let next = try export.rows(queries, after: nil) { piece in
        pieces.append(piece)
        return true
      }
      first.withLock { [pieces] in $0 = (pieces, next) }
      return .streamed(stream, contentType: export.format.contentType)
    } then: { queries in
      let (pieces, next) = first.withLock { $0 }
      first.withLock { $0.pieces = [] }
      goOn(export, queries, stream, pieces, next)
    }
  }

  private func goOn(
    _ export: Export, _ queries: StoreQueries, _ stream: BodyStream, _ pieces: [[UInt8]], _ next: String?
  ) {
    var cursor = next
    var isWanted = true
    let give: ([UInt8]) -> Bool = { piece in
      isWanted = isWanted && !isStopping.isRaised && stream.write(piece, until: time.now() + Self.patience)
      return isWanted
    }
    do throws(StoreError) {
      for piece in pieces where !give(piece) { return stream.fail() }
      while let after = cursor, isWanted { cursor = try export.rows(queries, after: after, give: give) }
      if isWanted { stream.finish() } else { stream.fail() }
    } catch {
      log(
        .warning, "cannot go on with an export; its connection is cut, so that the client can tell",
        ["error": .of(error)])
      stream.fail()
    }
  }
}
