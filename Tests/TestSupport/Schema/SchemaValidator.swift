// Whether JSON is as a schema says (JSON Schema, draft 2020-12, as OpenAPI 3.1 takes it), for as many keywords as our own
// document uses: a keyword that is not known here is a fault, because it would be believed to be checked.
//
// Schemas are open: more members may be added some day. A test wants to know of every member that is not described yet,
// so here an object with `properties` holds no others, unless the schema says so itself, or is a part of an `allOf`.
import Foundation

/// Checks values against the schemas of a document.
public struct SchemaValidator {
  private let document: JSONNode

  /// References are looked up in `document`.
  public init(document: JSONNode) {
    self.document = document
  }

  /// What is wrong with a value, each with its place; empty where all is well.
  public func faults(in value: JSONNode, by schema: JSONNode) -> [String] {
    check(value, schema, at: "", isPart: false)
  }

  /// What is wrong with a schema itself: unknown keywords, and references that lead nowhere.
  public func faults(inSchema schema: JSONNode, at place: String = "") -> [String] {
    guard case .object(let members) = schema else { return ["\(place): a schema is an object"] }
    return members.sorted { $0.key < $1.key }.flatMap { name, value -> [String] in
      let place = "\(place)/\(name)"
      switch name {
      case "$ref": return resolve(value) == nil ? ["\(place): leads nowhere: \(value.plain)"] : []
      case "properties":
        return value.members.flatMap { faults(inSchema: $0.value, at: "\(place)/\($0.key)") }
      case "items": return faults(inSchema: value, at: place)
      case "additionalProperties":
        return value == .flag(true) ? [] : faults(inSchema: value, at: place)
      case "allOf", "anyOf", "oneOf":
        return value.elements.flatMap { faults(inSchema: $0, at: place) }
      case "pattern":
        return (try? Regex(value.plain)) == nil ? ["\(place): no regular expression: \(value.plain)"] : []
      case "format": return value == .text("date-time") ? [] : ["\(place): not known: \(value.plain)"]
      default: return Self.plainKeywords.contains(name) ? [] : ["\(place): not a known keyword"]
      }
    }
  }

  private static let plainKeywords: Set = [
    "type", "enum", "const", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
    "required", "description", "default", "examples",
  ]
}

extension SchemaValidator {
  private func resolve(_ reference: JSONNode) -> JSONNode? {
    guard let path = reference.text, path.hasPrefix("#/") else { return nil }
    return path.dropFirst(2).split(separator: "/").reduce(document as JSONNode?) { $0?[String($1)] }
  }

  private func check(_ value: JSONNode, _ schema: JSONNode, at place: String, isPart: Bool) -> [String] {
    guard case .object(let members) = schema else { return ["\(place): no schema"] }
    return members.flatMap { name, rule -> [String] in
      switch name {
      case "$ref":
        return resolve(rule).map { check(value, $0, at: place, isPart: isPart) }
          ?? ["\(place): \(rule.plain) leads nowhere"]
      case "allOf": return rule.elements.flatMap { check(value, $0, at: place, isPart: true) }
      case "anyOf", "oneOf": return choice(value, name, rule.elements, place, isPart)
      case "properties": return properties(of: value, rule, members, place, isPart)
      case "items":
        return value.elements.enumerated().flatMap {
          check($0.element, rule, at: "\(place)/\($0.offset)", isPart: false)
        }
      default: return isKept(name, rule, value) ? [] : ["\(place): \(name) \(rule.plain): \(shown(value))"]
      }
    } + map(value, members, place)
  }

  private func choice(
    _ value: JSONNode, _ name: String, _ schemas: [JSONNode], _ place: String, _ isPart: Bool
  ) -> [String] {
    let faults = schemas.map { check(value, $0, at: place, isPart: isPart) }
    let fitting = faults.count { $0.isEmpty }
    if name == "oneOf" ? fitting == 1 : fitting > 0 { return [] }
    // What fits nearly is what was meant.
    let nearest = faults.min { $0.count < $1.count } ?? []
    return ["\(place): \(name) fits \(fitting) of \(schemas.count)"] + nearest
  }

  private func properties(
    of value: JSONNode, _ rule: JSONNode, _ schema: [String: JSONNode], _ place: String, _ isPart: Bool
  ) -> [String] {
    let isClosed = schema["additionalProperties"] == nil && !isPart
    return value.members.flatMap { name, member -> [String] in
      if let known = rule[name] { return check(member, known, at: "\(place)/\(name)", isPart: false) }
      return isClosed ? ["\(place)/\(name): is not described"] : []
    }
  }

  /// The members of a map.
  private func map(_ value: JSONNode, _ schema: [String: JSONNode], _ place: String) -> [String] {
    guard let rule = schema["additionalProperties"], rule != .flag(true) else { return [] }
    return value.members.filter { schema["properties"]?[$0.key] == nil }.flatMap {
      check($0.value, rule, at: "\(place)/\($0.key)", isPart: false)
    }
  }

  private func shown(_ value: JSONNode) -> String {
    String(decoding: value.json.prefix(200), as: UTF8.self)
  }
}

extension SchemaValidator {
  /// Whether a value keeps one keyword; those that say nothing of its type are kept by all others.
  private func isKept(_ name: String, _ rule: JSONNode, _ value: JSONNode) -> Bool {
    switch name {
    case "type": types(rule).contains { isType($0, value) }
    case "enum": rule.elements.contains(value)
    case "const": rule == value
    case "minimum": number(value, rule) { $0 >= $1 }
    case "maximum": number(value, rule) { $0 <= $1 }
    case "minLength": length(value.text?.unicodeScalars.count, rule) { $0 >= $1 }
    case "maxLength": length(value.text?.unicodeScalars.count, rule) { $0 <= $1 }
    case "minItems": length(isType("array", value) ? value.elements.count : nil, rule) { $0 >= $1 }
    case "maxItems": length(isType("array", value) ? value.elements.count : nil, rule) { $0 <= $1 }
    case "required": !isType("object", value) || rule.elements.allSatisfy { value[$0.plain] != nil }
    case "pattern": value.text.map { $0.contains(pattern: rule.plain) } ?? true
    case "format": value.text.map { $0.contains(pattern: Self.dateTime) } ?? true
    case "description", "default", "examples", "additionalProperties": true
    default: false
    }
  }

  private static let dateTime =
    #"^\d{4}-[01]\d-[0-3]\d[Tt][0-2]\d:[0-5]\d:[0-6]\d(\.\d+)?([Zz]|[+-][0-2]\d:[0-5]\d)$"#

  private func types(_ rule: JSONNode) -> [String] {
    rule.text.map { [$0] } ?? rule.elements.map(\.plain)
  }

  private func isType(_ name: String, _ value: JSONNode) -> Bool {
    switch (name, value) {
    case ("null", .null), ("boolean", .flag), ("number", .number), ("string", .text), ("array", .array),
      ("object", .object):
      true
    case ("integer", .number(let number)): number.rounded() == number
    default: false
    }
  }

  private func number(_ value: JSONNode, _ rule: JSONNode, _ holds: (Double, Double) -> Bool) -> Bool {
    guard let number = value.number, let bound = rule.number else { return true }
    return holds(number, bound)
  }

  private func length(_ count: Int?, _ rule: JSONNode, _ holds: (Double, Double) -> Bool) -> Bool {
    guard let count, let bound = rule.number else { return true }
    return holds(Double(count), bound)
  }
}

extension String {
  fileprivate func contains(pattern: String) -> Bool {
    guard let expression = try? Regex(pattern) else { return false }
    return contains(expression)
  }
}
