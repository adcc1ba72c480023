import TestSupport
import Testing

@testable import Sidecar

/// Whether the description of the API holds together, and is of what there is.
@Suite struct DocumentTests {
  private func description() throws -> APIDescription {
    try APIDescription(Shared.sidecar().process.connect())
  }

  @Test func `every route is described, and nothing else is`() throws {
    let description = try description()
    let served = description.operations.map(\.description)
    let known = Operation.all.map { "\($0.method) \($0.template)" }
    #expect(Set(served).subtracting(known) == [], "routes that nobody has described")
    #expect(Set(known).subtracting(served) == [], "descriptions of routes that there are not")
    #expect(Set(known).count == known.count)
    let ids = description.operations.map(\.id)
    #expect(Set(ids).count == ids.count && !ids.contains(""))
  }

  @Test func `every schema is one, and every reference leads somewhere`() throws {
    let description = try description()
    for (name, schema) in description.document["components"]?["schemas"]?.members ?? [:] {
      #expect(description.validator.faults(inSchema: schema, at: name) == [])
    }
    for operation in description.operations {
      let schemas = operation.parameters.compactMap { $0["schema"] } + Self.schemas(of: operation.node)
      for schema in schemas {
        #expect(description.validator.faults(inSchema: schema, at: "\(operation)") == [])
      }
    }
  }

  private static func schemas(of operation: JSONNode) -> [JSONNode] {
    let bodies =
      [operation["requestBody"]].compactMap { $0 } + (operation["responses"]?.members ?? [:]).values
    let headers = (operation["responses"]?.members ?? [:]).values.flatMap {
      ($0["headers"]?.members ?? [:]).values
    }
    let contents = bodies.flatMap { ($0["content"]?.members ?? [:]).values }
    return (contents + headers).compactMap { $0["schema"] }
  }

  @Test func `every schema is used`() throws {
    let description = try description()
    let text = String(decoding: description.document.json, as: UTF8.self)
    for name in (description.document["components"]?["schemas"]?.members ?? [:]).keys {
      #expect(text.contains(##""#/components/schemas/\##(name)""##), "\(name)")
    }
  }

  @Test func `a path declares its parameters`() throws {
    for operation in try description().operations {
      let declared = operation.parameters.filter { $0["in"]?.text == "path" }.compactMap { $0["name"]?.text }
      let named = operation.template.matches(of: /\{([^}]*)\}/).map { String($0.output.1) }
      #expect(declared == named, "\(operation)")
    }
  }

  private func says(_ node: JSONNode?) -> Bool { node?.text?.isEmpty == false }

  @Test func `every parameter, schema and answer says what it is`() throws {
    for operation in try description().operations {
      #expect(says(operation.node["summary"]), "\(operation)")
      #expect(operation.node["responses"]?["default"] != nil, "\(operation)")
      for parameter in operation.parameters {
        #expect(says(parameter["description"]), "\(operation): \(parameter)")
      }
      for (status, response) in operation.node["responses"]?.members ?? [:] {
        #expect(says(response["description"]), "\(operation): \(status)")
      }
    }
  }

  @Test func `every member that events have a place for says what it means`() throws {
    let schemas = try #require(try description().document["components"]?["schemas"])
    let parts = ["EventMembers", "Envelope", "Tokens", "MemoryReferences", "Error", "Rollback", "Validation"]
    for name in parts + ["Escalation", "Step", "Health"] {
      let members = try #require(schemas[name]?["properties"]?.members)
      #expect(!members.isEmpty)
      for (member, schema) in members { #expect(schema["description"] != nil, "\(name).\(member)") }
    }
  }

  @Test func `the validator finds what is wrong`() throws {
    let document = try JSONNode(
      json:
        #"{"s":{"type":"object","required":["a"],"properties":{"a":{"type":["integer","null"],"minimum":2}}}}"#
        .utf8)
    let validator = SchemaValidator(document: document)
    func faults(_ schema: String, _ value: String) throws -> Int {
      let schema = try JSONNode(json: schema.utf8)
      #expect(validator.faults(inSchema: schema) == [])
      return validator.faults(in: try JSONNode(json: value.utf8), by: schema).count
    }
    let object = ##"{"$ref":"#/s"}"##
    for (value, count) in [
      (#"{"a":2}"#, 0), (#"{"a":null}"#, 0), (#"{"a":1}"#, 1), (#"{"a":2.5}"#, 1), (#"{"a":true}"#, 1),
      ("{}", 1),
      (#"{"a":2,"b":1}"#, 1), ("[]", 1),
    ] {
      #expect(try faults(object, value) == count, "\(value)")
    }
    let cases = [
      (#"{"type":"string","maxLength":2}"#, #""äöü""#, 1), (#"{"pattern":"^a"}"#, #""ba""#, 1),
      (#"{"enum":["a"]}"#, #""b""#, 1), (#"{"format":"date-time"}"#, #""2026-11-21""#, 1),
      (#"{"type":"array","items":{"type":"number"},"maxItems":1}"#, #"[1,"a"]"#, 2),
      (#"{"oneOf":[{"type":"number"},{"type":"integer"}]}"#, "1", 2),
      (#"{"anyOf":[{"type":"number"},{"type":"integer"}]}"#, "1", 0),
      (#"{"type":"object","additionalProperties":{"type":"number"}}"#, #"{"a":1,"b":"c"}"#, 1),
      (#"{"type":"number","maximum":1}"#, "1.5", 1), (#"{"const":1}"#, "2", 1),
    ]
    for (schema, value, count) in cases {
      #expect(try (faults(schema, value) > 0) == (count > 0), "\(schema)")
    }
    #expect(validator.faults(inSchema: try JSONNode(json: #"{"uniqueItems":true}"#.utf8)).count == 1)
    #expect(validator.faults(inSchema: try JSONNode(json: ##"{"$ref":"#/t"}"##.utf8)).count == 1)
  }
}
