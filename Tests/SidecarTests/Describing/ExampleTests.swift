import Compression
import Foundation
import TestSupport
import Testing

/// Whether what the description shows works as it stands, and is answered as it says.
@Suite struct ExampleTests {
  private typealias Operation = APIDescription.Operation

  private let sidecar: RunningSidecar
  private let description: APIDescription
  private let connection: HTTPConnection

  /// A sidecar that was told the story of the examples.
  init() throws {
    sidecar = try RunningSidecar()
    connection = try sidecar.process.connect()
    description = try APIDescription(connection)
  }

  private func expect(
    _ answer: HTTPAnswer, _ status: Int, to operation: Operation, _ request: String,
    location: SourceLocation = #_sourceLocation
  ) {
    #expect(answer.status == status, "\(request): \(answer.text.prefix(500))", sourceLocation: location)
    let faults = description.faults(in: answer, to: operation)
    #expect(faults == [], "\(request): \(answer.text.prefix(2_000))", sourceLocation: location)
  }

  /// Every body that is shown, by its media type.
  private func bodies(of operation: Operation) -> [(
    type: String, name: String, schema: JSONNode, body: [UInt8]
  )] {
    (operation.node["requestBody"]?["content"]?.members ?? [:]).sorted { $0.key < $1.key }.flatMap {
      type, form in
      (form["examples"]?.members ?? [:]).sorted { $0.key < $1.key }.compactMap { name, example in
        guard let value = example["value"], let schema = form["schema"] else { return nil }
        return (
          type, name, schema,
          type.hasSuffix("json") && value.text == nil ? value.json : Array(value.plain.utf8)
        )
      }
    }
  }

  /// Tells the story: the handoff begins before anything else is said of it.
  private func tell() throws {
    let operation = try description.operation("sendEvents")
    let all = bodies(of: operation)
    #expect(all.map(\.name).sorted() == ["another", "lines", "one", "several"])
    for name in ["one", "several", "lines", "another"] {
      let (type, _, schema, body) = try #require(all.first { $0.name == name })
      if type == "application/json" {
        #expect(description.validator.faults(in: try JSONNode(json: body), by: schema) == [], "\(name)")
      } else {
        try expectLines(body)
      }
      let packed = name == "several" ? try #require(Gzip.pack(body)) : body
      let answer = try connection.send(
        "POST", operation.path(),
        headers: [("Content-Type", type), ("Content-Encoding", name == "several" ? "gzip" : "identity")],
        body: packed)
      expect(answer, 200, to: operation, name)
      let rejected = name == "another" ? 1 : 0
      #expect(try JSONNode(json: answer.body)["rejected"]?.elements.count == rejected, "\(answer.text)")
    }
    _ = try sidecar.handoff("ho_2", events: 3)
    _ = try sidecar.handoff("ho_1", events: 3)
  }

  private func expectLines(_ body: [UInt8]) throws {
    let event = try #require(description.document["components"]?["schemas"]?["Event"])
    for line in body.split(separator: 10) where !line.elementsEqual(#"{"type": "handoff.completed"}"#.utf8) {
      #expect(description.validator.faults(in: try JSONNode(json: line), by: event) == [])
    }
  }

  @Test func `every example works, and is answered as described`() throws {
    try tell()
    for operation in description.operations where operation.method == "GET" {
      let parameters = operation.query.compactMap { parameter in
        parameter["example"].map { (name: parameter["name"]?.plain ?? "", value: $0.plain) }
      }
      for query in [[]] + parameters.map({ [$0] }) + [parameters] {
        let target = operation.target(query)
        expect(try connection.get(target), 200, to: operation, target)
      }
    }
    for operation in description.operations where operation.method == "POST" && operation.id != "sendEvents" {
      let all = bodies(of: operation)
      for (type, name, schema, body) in all {
        #expect(description.validator.faults(in: try JSONNode(json: body), by: schema) == [], "\(name)")
        let answer = try connection.send(
          "POST", operation.path(), headers: [("Content-Type", type)], body: body)
        expect(answer, 200, to: operation, "\(operation) \(name)")
      }
      if all.isEmpty {
        expect(try connection.send("POST", operation.path()), 200, to: operation, "\(operation)")
      }
    }
  }

  @Test func `every answer about a story that has everything is as described`() throws {
    try tell()
    try sidecar.send(FullStory.events)
    _ = try sidecar.handoff("full", events: 6)
    for target in FullStory.targets {
      let path = String(target.prefix { $0 != "?" })
      let operation = try #require(description.operations.first { $0.matches(path) })
      expect(try connection.get(target), 200, to: operation, target)
    }
    let (rows, events) = (try connection.get("/v1/export"), try connection.get("/v1/export?of=events"))
    #expect(try description.faults(inRows: rows, by: "Handoff") == [])
    #expect(try description.faults(inRows: events, by: "StoredEvent") == [])
    let detail = try sidecar.get("/v1/handoffs/full")
    for member in ["escalation", "rollback", "validation", "error", "tokens", "memory_refs", "envelope"] {
      #expect(detail.object("handoff")[member] is [String: Any], "\(member)")
    }
  }

  @Test func `pages are followed by the cursors that they give`() throws {
    try tell()
    try sidecar.send(FullStory.events)
    _ = try sidecar.handoff("full", events: 6)
    for operation in description.operations
    where operation.query.contains(where: { $0["name"]?.text == "cursor" }) {
      let first = try connection.get(operation.target([("limit", "1")]))
      expect(first, 200, to: operation, "\(operation)")
      guard let cursor = try JSONNode(json: first.body)["next_cursor"]?.text else { continue }
      let target = operation.target([("limit", "1"), ("cursor", cursor)])
      expect(try connection.get(target), 200, to: operation, target)
      for other in description.operations
      where other.id != operation.id && other.query.contains(where: { $0["name"]?.text == "cursor" }) {
        let foreign = other.target([("cursor", cursor)])
        expect(try connection.get(foreign), 400, to: other, foreign)
      }
    }
  }

  /// Asks on a connection of its own: after some refusals it is closed.
  private func ask(_ method: String, _ target: String, _ body: [UInt8] = Array("{}".utf8)) throws
    -> HTTPAnswer
  {
    try sidecar.process.connect().send(
      method, target, headers: [("Content-Type", "application/json")], body: method == "POST" ? body : nil)
  }

  @Test func `what the description does not allow is refused, and as it says`() throws {
    try tell()
    for operation in description.operations {
      let status = operation.refusesStrangers ? 400 : 200
      if operation.method == "GET" || operation.refusesStrangers {
        let target = operation.target([("x-unknown", "1")])
        let answer = try ask(operation.method, target)
        expect(answer, status, to: operation, target)
      }
      for parameter in operation.query where operation.refusesStrangers {
        let name = parameter["name"]?.plain ?? ""
        for value in Self.impossible(parameter["schema"] ?? .null) {
          let target = operation.target([(name, value)])
          expect(try ask(operation.method, target), 400, to: operation, target)
        }
        let good = parameter["example"]?.plain ?? "x"
        let twice = operation.target([(name, good), (name, good)])
        expect(try ask(operation.method, twice), 400, to: operation, twice)
      }
      for parameter in operation.query { try expectBounds(parameter, operation) }
    }
  }

  /// The least and the greatest value that a parameter may have are taken.
  private func expectBounds(_ parameter: JSONNode, _ operation: Operation) throws {
    let name = parameter["name"]?.plain ?? ""
    let schema = parameter["schema"] ?? .null
    let words = schema["enum"]?.elements.map(\.plain) ?? []
    let bounds = ["minimum", "maximum"].compactMap { schema[$0]?.plain }
    let lengths = ["minLength", "maxLength"].compactMap { schema[$0]?.number }.map {
      String(repeating: "é", count: Int($0))
    }
    for value in words + bounds + lengths {
      let target = operation.target([(name, value)])
      let body = bodies(of: operation).first { $0.type == "application/json" }?.body ?? []
      expect(try ask(operation.method, target, body), 200, to: operation, target)
    }
  }

  /// Values just outside of what a schema allows.
  private static func impossible(_ schema: JSONNode) -> [String] {
    var values: [String] = []
    if let least = schema["minimum"]?.number { values.append("\(least - 1)") }
    if let most = schema["maximum"]?.number { values.append("\(most + 1)") }
    if let longest = schema["maxLength"]?.number {
      values += ["", String(repeating: "é", count: Int(longest) + 1), "a\u{0}"]
    }
    if schema["enum"] != nil || schema["format"] != nil || schema["type"]?.text != "string" {
      values += ["", "nonsense", "1e999", "-"]
    }
    if schema["pattern"] != nil, schema["maxLength"] == nil { values += ["", "nonsense", "!"] }
    return values
  }

  @Test func `what is not there is a problem, as described`() throws {
    for operation in description.operations where operation.template.contains("{id}") {
      let path = operation.path(["id": "nobody knows/this"])
      let answer = try ask(operation.method, path)
      let isKnown = ["listHealthReports", "listAgentStates", "askReadiness"].contains(operation.id)
      expect(answer, isKnown ? 200 : 404, to: operation, path)
    }
  }

  @Test func `with the database away every answer is as described`() throws {
    let lonely = try RunningSidecar(url: RunningSidecar.nowhere)
    let connection = try lonely.process.connect()
    for operation in description.operations where operation.method == "GET" {
      let answer = try connection.get(operation.target())
      #expect([200, 404, 503].contains(answer.status), "\(operation): \(answer.text.prefix(200))")
      #expect(
        description.faults(in: answer, to: operation) == [], "\(operation): \(answer.text.prefix(2_000))")
    }
  }
}

extension APIDescription.Operation {
  /// Whether it gets what is at a path.
  func matches(_ path: String) -> Bool { method == "GET" && fits(path) }

  /// Whether a path is of its shape, whatever is done there.
  func fits(_ path: String) -> Bool {
    let (parts, names) = (path.split(separator: "/"), template.split(separator: "/"))
    return parts.count == names.count
      && zip(parts, names).allSatisfy { $0 == $1 || $1.hasPrefix("{") }
      && !(parts.count == 3 && parts[2] == "history" && template.contains("{"))
  }
}

/// Events with everything that they have a place for.
enum FullStory {
  static var events: String {
    [
      #"{"type":"handoff.initiated","handoff_id":"full","event_id":"1","task_id":"t-1","conversation_id":"c-1","parent_handoff_id":"ho_2","from_agent":"a","to_agent":"b","original_to_agent":"z","attempt":1,"hop":3,"kind":"strange","pattern":"retry","reason":"recovery","group_id":"g","receiver_count":2,"envelope":{"version":2,"previous":"ho_1","bytes":1.0,"raw_bytes":90,"strategy":"full_dump","tokens":{"budget":10,"used":20,"trimmed":null},"memory_refs":{"requested":3,"resolved":1,"missing":["a","b"],"more":1},"sections":["constraints"],"checksum":"sha256:00","constraints_hash":"x","confidence":0.5,"deadline":1799999999,"expires_at":"2099-01-01T00:00:00Z","priority":3,"odd":{"a":[1]}},"trace_id":"t","span_id":"s","attributes":{"x":[1,null]},"stranger":true}"#,
      #"{"type":"handoff.escalated","handoff_id":"full","event_id":"2","escalation":{"depth":2,"to":"boss","ticket":7}}"#,
      #"{"type":"handoff.validated","handoff_id":"full","event_id":"3","validation":{"valid":false,"results":[{"rule":"r","passed":false,"severity":"error","message":"m"}]}}"#,
      #"{"type":"handoff.rolled_back","handoff_id":"full","event_id":"4","rollback":{"steps":[{"action":"a","status":"done","error":null}]}}"#,
      #"{"type":"handoff.failed","handoff_id":"full","event_id":"5","error":{"class":"odd","type":"t","message":"m","attempted":["x",1],"hint":"h"}}"#,
      #"{"type":"handoff.parked","handoff_id":"full","event_id":"6","park_reason":"p","fallback_index":1}"#,
      #"{"type":"handoff.initiated","handoff_id":"again","event_id":"7","task_id":"t-1","from_agent":"a","to_agent":"b","envelope":{"memory_refs":{"requested":2,"resolved":2}}}"#,
      #"{"type":"agent.health","agent":"b","event_id":"8","health":{"status":"degraded","cpu":0.5,"memory_mb":1,"response_ms":9000,"queue_depth":3,"error_rate":0.1,"issues":["slow"]}}"#,
      #"{"type":"agent.health","agent":"b","event_id":"9"}"#,
      #"{"type":"task.failed","task_id":"t-1","event_id":"10"}"#,
      #"{"type":"handoff.acknowledged","handoff_id":"again","event_id":"11"}"#,
      #"{"type":"handoff.step","handoff_id":"bare","event_id":"12"}"#,
      #"{"type":"task.created","task_id":"lonely","event_id":"13"}"#,
      #"{"type":"conversation.turn","conversation_id":"lonely","event_id":"14","agent":"a","role":"user"}"#,
      #"{"type":"handoff.initiated","handoff_id":"holds","event_id":"15","from_agent":"a","to_agent":"b","user_id":7,"resources":{"lock":["x","y"]},"envelope":{"constraint_hashes":["c"]}}"#,
      #"{"type":"handoff.initiated","handoff_id":"holds-too","event_id":"16","from_agent":"a","to_agent":"b","resources":[{"type":"lock","id":"x"}]}"#,
      #"{"type":"handoff.initiated","handoff_id":"shares","event_id":"17","task_id":"t-1","from_agent":"a","to_agent":"b","shared_context":{"version":2,"schema":"1","hash":"x","written_by":"a","written_at":1795230000,"writers":["b"],"based_on":"1","decisions":3,"tasks":1,"more":[1]}}"#,
      #"{"type":"handoff.step","handoff_id":"shares","event_id":"18","step":{"name":"state_snapshot"},"attributes":{"agent":"b","state_hash":"x","state_bytes":7}}"#,
    ].joined(separator: "\n")
  }

  static let targets = [
    "/v1/handoffs", "/v1/handoffs/full", "/v1/handoffs/again", "/v1/handoffs/bare", "/v1/handoffs/shares",
    "/v1/tasks/t-1",
    "/v1/tasks/lonely", "/v1/conversations/lonely",
    "/v1/conversations/c-1", "/v1/agents", "/v1/agents?scope=instance", "/v1/agents/b", "/v1/agents/b/health",
    "/v1/agents/b/readiness", "/v1/active", "/v1/active?scope=instance", "/v1/summary",
    "/v1/summary?scope=instance", "/v1/resources", "/v1/dead-letters", "/v1/rejections", "/v1/alerts",
    "/v1/alerts/history",
  ]
}
