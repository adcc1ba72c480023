import Foundation
import TestSupport
import Testing

/// The description of the API as a running sidecar gives it.
struct APIDescription {
  /// An operation of it.
  struct Operation: CustomStringConvertible {
    var method: String
    var template: String
    var node: JSONNode

    var description: String { "\(method) \(template)" }
    var id: String { node["operationId"]?.text ?? "" }
    var parameters: [JSONNode] { node["parameters"]?.elements ?? [] }
    var query: [JSONNode] { parameters.filter { $0["in"]?.text == "query" } }
    var refusesStrangers: Bool { node["x-unknown-parameters"]?.text == "refused" }

    /// The path with its examples, or with other values.
    func path(_ values: [String: String] = [:]) -> String {
      parameters.filter { $0["in"]?.text == "path" }.reduce(template) { path, parameter in
        let name = parameter["name"]?.text ?? ""
        return path.replacing(
          "{\(name)}", with: Self.escaped(values[name] ?? parameter["example"]?.plain ?? ""))
      }
    }

    /// A target with these parameters, and with those that must be there.
    func target(_ query: [(name: String, value: String)] = []) -> String {
      let needed = self.query.compactMap { parameter -> (name: String, value: String)? in
        guard parameter["required"] != nil, let name = parameter["name"]?.plain,
          !query.contains(where: { $0.name == name })
        else { return nil }
        return (name, parameter["example"]?.plain ?? "")
      }
      let pairs = (needed + query).map { "\(Self.escaped($0.name))=\(Self.escaped($0.value))" }
      return path() + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }

    static func escaped(_ text: String) -> String {
      text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
  }

  let document: JSONNode
  let validator: SchemaValidator

  init(_ connection: HTTPConnection) throws {
    let answer = try connection.get("/v1/openapi.json")
    try #require(answer.status == 200, "\(answer.text.prefix(300))")
    document = try JSONNode(json: answer.body)
    validator = SchemaValidator(document: document)
  }

  var operations: [Operation] {
    (document["paths"]?.members ?? [:]).sorted { $0.key < $1.key }.flatMap { template, item in
      item.members.sorted { $0.key < $1.key }.map {
        Operation(method: $0.key.uppercased(), template: template, node: $0.value)
      }
    }
  }

  func operation(_ id: String) throws -> Operation {
    try #require(operations.first { $0.id == id }, "no operation \(id)")
  }

  /// What is not as the description says about an answer.
  func faults(in answer: HTTPAnswer, to operation: Operation) -> [String] {
    let responses = operation.node["responses"]
    guard let response = responses?[String(answer.status)] ?? responses?["default"] else {
      return ["\(answer.status) is not described"]
    }
    let missing = (response["headers"]?.members ?? [:]).filter { $0.value["required"] == .flag(true) }
      .keys.filter { answer[$0] == nil }.sorted()
    return missing.map { "the header \($0) is missing" } + body(of: answer, response)
  }

  private func body(of answer: HTTPAnswer, _ response: JSONNode) -> [String] {
    let type = String((answer["content-type"] ?? "").prefix { $0 != ";" })
    guard let schema = response["content"]?[type]?["schema"] else {
      return ["\(answer.status) with \(type) is not described"]
    }
    guard type == "application/json" || type.hasSuffix("+json") else { return [] }
    guard let value = try? JSONNode(json: answer.body) else { return ["not JSON"] }
    return validator.faults(in: value, by: schema)
  }

  /// What is not as a schema of that name says about the rows of an export.
  func faults(inRows answer: HTTPAnswer, by name: String) throws -> [String] {
    let schema = try #require(document["components"]?["schemas"]?[name])
    return try answer.body.split(separator: 10).flatMap { line in
      validator.faults(in: try JSONNode(json: line), by: schema)
    }
  }
}
