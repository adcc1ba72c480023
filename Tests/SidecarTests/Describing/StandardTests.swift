import Foundation
import TestSupport
import Testing

/// Whether what the description says holds where a parameter is not given does.
@Suite struct StandardTests {
  /// The answer without what changes from one moment to the next.
  private func lasting(_ node: JSONNode) -> JSONNode {
    switch node {
    case .object(let members):
      .object(members.filter { !["as_of", "age_seconds"].contains($0.key) }.mapValues(lasting))
    case .array(let elements): .array(elements.map(lasting))
    default: node
    }
  }

  private func answer(_ connection: HTTPConnection, _ target: String) throws -> JSONNode {
    let answer = try connection.get(target)
    guard answer["content-type"] == "application/json" else { return .text(answer.text) }
    return lasting(try JSONNode(json: answer.body))
  }

  @Test func `a parameter that is not given counts as its default`() throws {
    let sidecar = try RunningSidecar()
    try sidecar.send(FullStory.events)
    _ = try sidecar.handoff("full", events: 6)
    let connection = try sidecar.process.connect()
    var count = 0
    for operation in try APIDescription(connection).operations where operation.method == "GET" {
      for parameter in operation.query {
        guard let standard = parameter["schema"]?["default"], let name = parameter["name"]?.text else {
          continue
        }
        let target = operation.target([(name, standard.plain)])
        // Between two answers an alert may change: then they are asked again.
        try eventually("the answer without the parameter that \(target) has") {
          try answer(connection, target) == answer(connection, operation.target([]))
        }
        count += 1
      }
    }
    #expect(count > 10)
  }
}
