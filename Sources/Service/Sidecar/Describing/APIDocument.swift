// The description of the API (OpenAPI 3.1), put together from what the routes go by: parameters are those that read
// the queries, words are those of the model, members of events are those that the decoder knows. A route that nobody
// has described is in it too, without a word, so that it is seen.
import HTTPServer
import Platform

/// The description of the API, as a document.
struct APIDocument: Sendable {
  /// Methods and paths of the routes there are.
  let routes: [(method: String, template: String)]

  /// The document as JSON.
  var json: [UInt8] {
    JSONTree.object([
      ("openapi", "3.1.0"),
      ("info", Self.info),
      ("jsonSchemaDialect", "https://spec.openapis.org/oas/3.1/dialect/base"),
      ("servers", [["url": "/", "description": "This sidecar."]]),
      (
        "tags",
        .array(Operation.Tag.allCases.map { ["name": .text($0.rawValue), "description": .text($0.meaning)] })
      ),
      ("paths", .object(paths)),
      ("components", ["schemas": .object(Schema.components.map { (name: $0.0, value: $0.1.tree) })]),
    ]).bytes
  }

  private static let info: JSONTree = [
    "title": "handoffd",
    "summary": "Records of the handoffs between agents: taken in, kept, counted, and asked about.",
    "version": .text(BuildIdentity.currentVersion),
    "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
    "description": """
    Errors are problem details (RFC 9457). Unknown parameters and impossible values are refused with the \
    reason. Where a member of an answer is not known it is null, and never left out; further members may be \
    added. Times are in UTC with microseconds. What takes GET answers HEAD too.
    """,
  ]

  private var paths: [(name: String, value: JSONTree)] {
    var templates: [String] = []
    for route in routes where !templates.contains(route.template) { templates.append(route.template) }
    return templates.map { template in
      let methods = routes.filter { $0.template == template }.map { route in
        (name: route.method.lowercased(), value: Self.operation(route.method, template))
      }
      return (name: template, value: .object(methods))
    }
  }

  private static func operation(_ method: String, _ template: String) -> JSONTree {
    let known = Operation.all.first { $0.method == method && $0.template == template }
    return known?.tree ?? ["responses": ["default": ["description": "Not described."]]]
  }
}

extension Operation {
  /// It as a part of the document.
  fileprivate var tree: JSONTree {
    var members: [(name: String, value: JSONTree)] = [
      ("operationId", .text(id)), ("tags", [.text(tag.rawValue)]), ("summary", .text(summary)),
      ("description", .text(detail)), ("x-unknown-parameters", .text(strangers.rawValue)),
    ]
    let parameters = path + query.map(\.described) + headers
    if !parameters.isEmpty { members.append(("parameters", .array(parameters.map(\.tree)))) }
    if let body { members.append(("requestBody", body.tree)) }
    members.append(
      ("responses", .object(answers.map { (name: $0.status.map(String.init) ?? "default", value: $0.tree) })))
    return .object(members)
  }
}

extension DescribedParameter {
  fileprivate var tree: JSONTree {
    var members: [(name: String, value: JSONTree)] = [
      ("name", .text(name)), ("in", .text(place.rawValue)), ("description", .text(meaning)),
    ]
    if place == .path || isNeeded { members.append(("required", true)) }
    members.append(("schema", schema.tree))
    if let example { members.append(("example", schema.value(of: example))) }
    return .object(members)
  }
}

extension Schema {
  /// A text as the value it stands for.
  fileprivate func value(of text: String) -> JSONTree {
    let type = members.first { $0.name == "type" }?.value
    switch type {
    case .text("integer")?: return Int(text).map { .whole($0) } ?? .text(text)
    case .text("number")?: return Double(text).map { .number($0) } ?? .text(text)
    case .text("boolean")?: return Bool(text).map { .flag($0) } ?? .text(text)
    case .text("array")?: return [.text(text)]
    default: return .text(text)
    }
  }
}

extension RequestBody {
  fileprivate var tree: JSONTree {
    [
      "description": .text(meaning), "required": .flag(isRequired),
      "content": .object(forms.map { (name: $0.type, value: $0.tree) }),
    ]
  }
}

extension RequestBody.Form {
  fileprivate var tree: JSONTree {
    ["schema": schema.tree, "examples": .object(examples.map { (name: $0.name, value: ["value": $0.body]) })]
  }
}

extension Answer {
  fileprivate var tree: JSONTree {
    var members: [(name: String, value: JSONTree)] = [("description", .text(meaning))]
    if !headers.isEmpty {
      members.append(
        (
          "headers",
          .object(
            headers.map { header in
              (
                name: header.name,
                value: [
                  "description": .text(header.meaning), "required": .flag(header.isAlways),
                  "schema": header.schema.tree,
                ]
              )
            })
        ))
    }
    if !forms.isEmpty {
      members.append(("content", .object(forms.map { (name: $0.type, value: ["schema": $0.schema.tree]) })))
    }
    return .object(members)
  }
}
