import HTTPServer
import Model
import Platform
import Store

/// All handoffs that pass a filter, or all events, as long as that may be.
struct ExportRoute: Sendable {
  let records: RecordReader
  /// For how long events are kept.
  let retention: @Sendable () -> Duration
  let isStopping: StopFlag
  let log: Log

  /// How long a client may take for a piece.
  private static let patience = Duration.seconds(30)

  var routes: [Route] {
    [Route("GET", "/v1/export") { request, reply in export(request, reply) }]
  }

  private func export(_ request: Request, _ reply: Reply) {
    let isLog = request.query.contains { $0.name == "of" && $0.value == Export.Subject.log.rawValue }
    var query = QueryReader(request, isLog ? Self.logParameters : Self.parameters)
    var export = Export(clock: records.clock)
    export.filter = HandoffFilter(&query)
    export.subject = query.read(Self.subject)
    export.format = query.read(Self.format)
    export.order = query.read(HandoffRoutes.order)
    if let refusal = query.refusal { return reply.send(refusal) }
    // What is received while an export runs does not keep it from ending; what is past its time is not there.
    let now = export.clock.now
    let reach = Timestamp(microseconds: now.microseconds &- 2 &* retention().wholeMicroseconds)
    export.received = (max(export.filter.since ?? reach, reach), min(export.filter.until ?? now, now))
    begin(export, reply)
  }

  /// The first page is made before there is a status, so that a database that is away is told as everywhere else.
  private func begin(_ export: Export, _ reply: Reply) {
    let stream = BodyStream()
    let first = Guarded<Export.Page?>(nil)
    records.readers.ask(reply) { queries throws(StoreError) in
      let page = try export.page(queries, at: export.start)
      first.withLock { [page] in $0 = page }
      return .streamed(stream, contentType: export.format.contentType)
    } then: { queries in
      guard let page = first.withLock({ $0 }) else { return stream.fail() }
      first.withLock { $0 = nil }
      goOn(export, queries, stream, page)
    }
  }

  private func goOn(_ export: Export, _ queries: StoreQueries, _ stream: BodyStream, _ first: Export.Page) {
    var isWanted = true
    let give: ([UInt8]) -> Bool = { piece in
      isWanted =
        isWanted && !isStopping.isRaised && stream.write(piece, until: records.time.now() + Self.patience)
      return isWanted
    }
    do throws(StoreError) {
      guard give(export.header + (try export.render(first))) else { return stream.fail() }
      try ExportPages().each(of: export, from: first.next, queries) { page throws(StoreError) in
        give(try export.render(page))
      }
      if isWanted { stream.finish() } else { stream.fail() }
    } catch {
      log(
        .warning, "cannot go on with an export; its connection is cut, so that the client can tell",
        ["error": .of(error)])
      stream.fail()
    }
  }
}
