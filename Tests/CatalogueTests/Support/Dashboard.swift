import Foundation
import Testing

/// A Grafana dashboard of the project, as far as its rules are concerned.
struct Dashboard: CustomTestStringConvertible, Sendable {
  /// A panel that shows something.
  struct Panel: Sendable {
    let id: Int
    let type: String
    let title: String
    let description: String
    let unit: String
    let dataSource: String
    let place: (x: Int, y: Int, width: Int, height: Int)
    let targets: [(expression: String, dataSource: String, refID: String)]
  }

  /// A variable of the template.
  struct Variable: Sendable {
    let name: String
    let label: String
    let type: String
    let query: String
    let dataSource: String
    let allValue: String
    let isMulti: Bool
    let refresh: Int
  }

  let file: String
  let uid: String
  let title: String
  let isEditable: Bool
  let ids: [Int]
  let panels: [Panel]
  let variables: [Variable]
  let annotations: [String]

  var testDescription: String { file }

  /// Every expression in it, with where it stands.
  var expressions: [(text: String, place: String)] {
    panels.flatMap { panel in panel.targets.map { ($0.expression, "\(file), \(panel.title)") } }
      + annotations.map { ($0, "\(file), annotation") }
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "../../../dashboards")
  static let all: [Dashboard] = ["overview", "agent", "sidecar"].compactMap { try? Dashboard("\($0).json") }

  init(_ file: String) throws {
    let data = try Data(contentsOf: Self.folder.appending(path: file))
    let root = JSON(try JSONSerialization.jsonObject(with: data))
    self.file = file
    uid = root["uid"].text
    title = root["title"].text
    isEditable = root["editable"].bool
    let panels = root["panels"].list
    ids = panels.map { $0["id"].number }
    self.panels = panels.filter { $0["type"].text != "row" }.map(Panel.init)
    variables = root["templating"]["list"].list.map(Variable.init)
    annotations = root["annotations"]["list"].list.map { $0["expr"].text }.filter { !$0.isEmpty }
  }
}

extension Dashboard.Panel {
  fileprivate init(_ json: JSON) {
    id = json["id"].number
    type = json["type"].text
    title = json["title"].text
    description = json["description"].text
    unit = json["fieldConfig"]["defaults"]["unit"].text
    dataSource = json["datasource"]["uid"].text
    let grid = json["gridPos"]
    place = (grid["x"].number, grid["y"].number, grid["w"].number, grid["h"].number)
    targets = json["targets"].list.map { ($0["expr"].text, $0["datasource"]["uid"].text, $0["refId"].text) }
  }
}

extension Dashboard.Variable {
  fileprivate init(_ json: JSON) {
    name = json["name"].text
    label = json["label"].text
    type = json["type"].text
    query = json["query"]["query"].text.isEmpty ? json["query"].text : json["query"]["query"].text
    dataSource = json["datasource"]["uid"].text
    allValue = json["allValue"].text
    isMulti = json["multi"].bool
    refresh = json["refresh"].number
  }
}

/// A value of a JSON document, empty where it is not there or is something else.
private struct JSON {
  private let value: Any?

  init(_ value: Any?) { self.value = value }

  subscript(key: String) -> JSON { JSON((value as? [String: Any])?[key]) }

  var text: String { value as? String ?? "" }
  var number: Int { value as? Int ?? -1 }
  var bool: Bool { value as? Bool ?? false }
  var list: [JSON] { (value as? [Any] ?? []).map { JSON($0) } }
}
