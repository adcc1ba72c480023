import Model
import Wording
import YAML

/// Reads the condition of a rule: the same words as those of `/v1/handoffs?where=…`, as a mapping.
struct ConditionReading {
  let log: FaultLog

  private static let keys = ["field", "operator", "value", "and", "or"]

  /// The condition that a node is; nil, with its faults, where it is none.
  func condition(_ node: YAMLNode) -> HandoffCondition? {
    guard let condition = condition(node, room: HandoffCondition.deepest) else { return nil }
    guard condition.operands <= HandoffCondition.mostOperands else {
      log.note(node.mark, "a condition compares with at most \(HandoffCondition.mostOperands) values")
      return nil
    }
    return condition
  }

  private func condition(_ node: YAMLNode, room: Int) -> HandoffCondition? {
    guard let reader = MappingReader(node, "a condition", keys: Self.keys, log) else { return nil }
    guard room > 0 else {
      log.note(node.mark, "conditions are nested at most \(HandoffCondition.deepest) deep")
      return nil
    }
    let joints = ["and", "or"].compactMap { reader.entry($0) }
    guard let joint = joints.first else { return test(reader) }
    let others = Self.keys.compactMap { reader.entry($0) }.filter { $0.key != joint.key }
    for other in others {
      log.note(
        other.mark, "\(other.key) does not go with \(joint.key)", "put it into the list of \(joint.key)")
    }
    guard let nodes = joint.value.sequence, !nodes.isEmpty else {
      log.note(joint.value.mark, "\(joint.key) must be a list of conditions")
      return nil
    }
    let parts = nodes.compactMap { condition($0, room: room - 1) }
    guard parts.count == nodes.count, others.isEmpty else { return nil }
    return joint.key == "and" ? .all(parts) : .any(parts)
  }

  private func test(_ reader: MappingReader) -> HandoffCondition? {
    let field: HandoffCondition.Field? = word("field", reader)
    let relation: HandoffCondition.Operator? = word("operator", reader)
    guard let value = reader.entry("value") else {
      log.note(reader.mark, "the condition has no value")
      return nil
    }
    guard let field, let relation, let mark = reader.entry("operator")?.value.mark else { return nil }
    guard relation.fits(field) else {
      let kind = field.isNumber ? "number" : "text"
      let fitting = HandoffCondition.Operator.allCases.filter { $0.fits(field) }.map(\.rawValue)
      log.note(
        mark, "\(field.rawValue) is a \(kind), which \(relation.rawValue) does not compare",
        "take \(fitting.joined(separator: ", "))")
      return nil
    }
    guard let operands = operands(value.value, field, relation) else { return nil }
    guard ConditionTest(field, relation, operands) != nil else {
      log.note(
        value.value.mark, "cannot use this regular expression in a rule",
        "rules know characters, ., classes, groups, |, counts, ^ and $")
      return nil
    }
    return .test(field, relation, operands)
  }

  private func word<Word: RawRepresentable<String> & CaseIterable>(
    _ key: String, _ reader: MappingReader
  ) -> Word? {
    if reader.has(key) { return reader.word(key, key) }
    log.note(reader.mark, "the condition has no \(key)")
    return nil
  }

  private func operands(
    _ node: YAMLNode, _ field: HandoffCondition.Field, _ relation: HandoffCondition.Operator
  ) -> [HandoffCondition.Operand]? {
    let nodes = relation == .in ? node.sequence ?? [] : [node]
    guard !nodes.isEmpty else {
      log.note(node.mark, "in takes a list of values, such as [a, b]")
      return nil
    }
    let operands = nodes.compactMap { operand($0, field) }
    return operands.count == nodes.count ? operands : nil
  }

  private func operand(_ node: YAMLNode, _ field: HandoffCondition.Field) -> HandoffCondition.Operand? {
    guard let scalar = node.scalar, !scalar.isNull else {
      log.note(node.mark, "\(field.rawValue) is compared with a single \(field.isNumber ? "number" : "text")")
      return nil
    }
    guard field.isNumber else { return .text(scalar.text) }
    if let number = MappingReader.number(scalar) { return .number(number) }
    log.note(node.mark, "\(field.rawValue) is a number, and \(Printable.quote(scalar.text)) is none")
    return nil
  }
}
