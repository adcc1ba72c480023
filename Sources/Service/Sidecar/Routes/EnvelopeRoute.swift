import Analytics
import Audit
import Bytes
import Compression
import Dialects
import Envelopes
import HTTPServer
import Model
import Platform
import Store

/// Checks envelopes before they are sent; nothing of them is stored.
///
/// What the handoff before was bound to is looked up where the envelope says or its task tells which one that was. With
/// the database away everything else is checked all the same, and the answer says what was not.
struct EnvelopeRoute: Sendable {
  let numbers: Numbers
  let readers: Readers
  let queue: WorkQueue
  let isStoreUp: @Sendable () -> Bool
  let time: any TimeSource

  /// The largest envelope, as sent and unpacked.
  private static let largestBody = 8 << 20
  /// Larger ones are read by lanes that nobody else waits for.
  private static let smallBody = 16 << 10
  /// As many values as an envelope may hold, so that memory is bounded.
  private static let mostValues = 200_000

  var routes: [Route] {
    [
      Route(
        "POST", "/v1/envelopes/check", bodyLimit: Self.largestBody, admit: { Self.admit($0) },
        handle: { request, reply in accept(request, reply) })
    ]
  }

  private static func admit(_ head: RequestHead) -> Response? {
    let type = head.headers["content-type"].map { $0.prefix { $0 != ";" }.lowercased().filter { $0 != " " } }
    guard type == "application/json" else {
      return .problem(415, "cannot read the envelope: send one envelope or event as application/json")
        .adding("Accept", "application/json")
    }
    return EventsRoute.refuseEncoding(of: head)
  }

  private func accept(_ request: Request, _ reply: Reply) {
    var query = QueryReader(request, Self.parameters)
    let dialect = query.read(EventsRoute.dialect)
    if let refusal = query.refusal { return reply.send(refusal) }
    if request.body.count <= Self.smallBody, request.headers["content-encoding"] == nil {
      answer(request, dialect, reply)
    } else if !queue.add({ answer(request, dialect, reply) }) {
      reply.send(.problem(503, "the sidecar is stopping; nothing was checked", retryAfter: 1))
    }
  }

  private func answer(_ request: Request, _ dialect: Dialect?, _ reply: Reply) {
    switch Self.subject(request, dialect) {
    case .failure(let refusal): reply.send(refusal.response)
    case .success(let subject): check(subject, reply)
    }
  }

  private func check(_ subject: EnvelopeSubject, _ reply: Reply) {
    let target = subject.target.map { name in
      numbers.snapshot().agent(named: name).map(AgentFigures.init) ?? AgentFigures(agent: name)
    }
    var circumstances = Circumstances(now: Timestamp(microseconds: time.wall().microseconds))
    circumstances.obstacles = target?.obstacles ?? []
    let known = circumstances
    let alone: @Sendable () -> Response = { Self.render(subject, target, known, hasLookedUp: false) }
    guard subject.hasPredecessor else {
      return reply.send(Self.render(subject, target, known, hasLookedUp: true))
    }
    guard isStoreUp() else { return reply.send(alone()) }
    readers.ask(reply, otherwise: alone) { queries throws(StoreError) in
      var circumstances = known
      circumstances.upstream = try Self.upstream(of: subject, queries)
      return Self.render(subject, target, circumstances, hasLookedUp: true)
    }
  }
}

// MARK: what is sent

extension EnvelopeRoute {
  /// Why a body is no envelope.
  private struct BodyFault: Error {
    let response: Response

    init(_ status: Int, _ detail: String, _ items: [Problem.Item] = []) {
      response = .problem(Problem(status: status, detail: detail, errors: items))
    }
  }

  private static func subject(_ request: Request, _ dialect: Dialect?) -> Result<EnvelopeSubject, BodyFault> {
    do throws(BodyFault) {
      let body = try unpacked(request)
      var reader = JSONReader(body, mostValues: mostValues)
      let value: JSONValue
      do throws(JSONFault) {
        value = try reader.document()
      } catch {
        throw fault(error)
      }
      guard let subject = EnvelopeSubject(value, dialect: dialect) else {
        let item = Problem.Item(
          pointer: "", code: "invalid_json", message: "an envelope or event is a JSON object")
        throw BodyFault(400, "this is no envelope", [item])
      }
      return .success(subject)
    } catch {
      return .failure(error)
    }
  }

  private static func unpacked(_ request: Request) throws(BodyFault) -> [UInt8] {
    let encoding = request.headers["content-encoding"]?.lowercased() ?? "identity"
    guard encoding.contains("gzip") else { return request.body }
    do throws(GzipFault) {
      return try Gzip.unpack(request.body, limit: largestBody)
    } catch {
      if case .tooLarge(let limit) = error {
        throw BodyFault(413, "cannot take the envelope: unpacked it is over \(limit) bytes")
      }
      let item = Problem.Item(
        pointer: "", code: "invalid_json", message: "the body cannot be unpacked: \(error)")
      throw BodyFault(400, "this is no envelope", [item])
    }
  }

  private static func fault(_ fault: JSONFault) -> BodyFault {
    let code: RefusalCode =
      switch fault.kind {
      case .syntax: .invalidJSON
      case .text: .invalidText
      case .duplicateName: .duplicateKey
      case .tooDeep: .tooDeep
      case .tooMany: .tooLarge
      }
    let pointer = String(fault.pointer.prefix(512))
    let item = Problem.Item(pointer: pointer, code: code.rawValue, message: fault.description)
    return BodyFault(fault.kind == .tooMany ? 413 : 400, "this is no envelope", [item])
  }
}

// MARK: what came before

extension EnvelopeSubject {
  /// Whether a handoff before may be found.
  fileprivate var hasPredecessor: Bool {
    carriesEnvelope && (!predecessors.isEmpty || (task != nil && sender != nil))
  }
}

extension EnvelopeRoute {
  private static func upstream(
    of subject: EnvelopeSubject, _ queries: StoreQueries
  ) throws(StoreError) -> Circumstances.Upstream? {
    for id in subject.predecessors where id.utf8.count <= 256 && !id.utf8.contains(0) {
      if let found = try queries.handoff(id) {
        return Circumstances.Upstream(
          handoffID: found.handoff.id, constraints: found.handoff.record.constraints)
      }
    }
    guard let task = subject.task, let sender = subject.sender, task.utf8.count <= 256,
      !task.utf8.contains(0),
      let found = try queries.task(task)
    else { return nil }
    let chain = TaskChain(found.handoffs.map { ($0.id, $0.record) })
    return chain.last(deliveredTo: sender).map {
      Circumstances.Upstream(handoffID: $0.id, constraints: $0.constraints)
    }
  }

  private static func render(
    _ subject: EnvelopeSubject, _ target: AgentFigures?, _ circumstances: Circumstances, hasLookedUp: Bool
  ) -> Response {
    var writer = JSONWriter(capacity: 1024)
    writer.envelopeReport(
      subject.check(circumstances), target, circumstances, unchecked: hasLookedUp ? [] : ["constraints"])
    return .json(writer.bytes)
  }
}
