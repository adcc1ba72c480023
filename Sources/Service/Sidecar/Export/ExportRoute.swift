import HTTPServer
import Platform
import Store

/// All handoffs that pass a filter, or all events, as long as that may be.
struct ExportRoute: Sendable {
  let records: RecordReader
  let isStopping: StopFlag
  let log: Log

  /// How long a client may take for a piece.
  private static let patience = Duration.seconds(30)

  var routes: [Route] {
    [Route("GET", "/v1/export") { request, reply in export(request, reply) }]
  }

  private func export(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, Self.parameters)
    var export = Export(clock: records.clock)
    export.filter = HandoffFilter(&query)
    export.subject = query.read(Self.subject)
    export.format = query.read(Self.format)
    export.order = query.read(HandoffRoutes.order)
    if let refusal = query.refusal { return reply.send(refusal) }
    begin(export, reply)
  }

  /// The first page is made before there is a status, so that a database that is away is told as everywhere else.
  private func begin(_ export: Export, _ reply: Reply) {
    let stream = BodyStream()
    let first = Guarded<(pieces: [[UInt8]], next: Export.Place?)>(([export.header], nil))
    records.readers.ask(reply) { queries throws(StoreError) in
      var pieces = [export.header]
      // Nothing is sent yet, so the first page is as large as it is.
      let next = try export.rows(queries, at: .handoffs(nil)) { piece in
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
    _ export: Export, _ queries: StoreQueries, _ stream: BodyStream, _ pieces: [[UInt8]],
    _ next: Export.Place?
  ) {
    var place = next
    var isWanted = true
    let give: ([UInt8]) -> Bool = { piece in
      isWanted =
        isWanted && !isStopping.isRaised && stream.write(piece, until: records.time.now() + Self.patience)
      return isWanted
    }
    do throws(StoreError) {
      for piece in pieces where !give(piece) { return stream.fail() }
      while let next = place, isWanted { place = try export.rows(queries, at: next, give: give) }
      if isWanted { stream.finish() } else { stream.fail() }
    } catch {
      log(
        .warning, "cannot go on with an export; its connection is cut, so that the client can tell",
        ["error": .of(error)])
      stream.fail()
    }
  }
}
