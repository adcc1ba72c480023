// The way of a task as a tree: a handoff stands under the one before it along its path. Branches beyond the eighth hop
// keep the indent of the eighth, so that a long chain stays on the page.
import Bytes

/// A task for people.
enum TaskView {
  private static let deepest = 8

  /// The task, its tree, and what went wrong on the way.
  static func write(_ task: JSONValue, _ sheet: inout Sheet) {
    sheet.title("Task \(task.at("task_id").text ?? "-")")
    sheet.facts(
      [
        ("state", task.at("state").text.map { Cell($0, Words.tone(ofState: $0)) } ?? .unknown),
        ("owner now", Words.text(task.at("owner"))), ("depth", Words.count(task.at("depth"))),
        ("agents", Cell(task.at("agents").elements.compactMap(\.text).joined(separator: ", "))),
        ("context left", Words.share(task.at("context_retained"))),
      ], indent: 2)
    sheet.title("Way")
    sheet.table(tree(task), indent: 2)
    if task.at("cut").isTrue { sheet.line(Cell("there are more handoffs", .faint), indent: 2) }
    troubles(task, &sheet)
  }

  private static func troubles(_ task: JSONValue, _ sheet: inout Sheet) {
    let loss = task.at("first_loss")
    if !loss.isNull {
      sheet.title("Context was lost first")
      let share = loss.at("completeness").number.map { ", \(Words.percent($0)) arrived" } ?? ""
      sheet.line(
        Cell(
          "\(edge(loss)) (\(loss.at("handoff_id").text ?? "-"))\(share)"
            + HandoffViews.missing(loss.at("missing")), .bad), indent: 2)
    }
    list("Constraints lost", task.at("constraints_lost").elements, &sheet) {
      "\(edge($0)) (\($0.at("handoff_id").text ?? "-")): \($0.at("lost").text ?? "")"
    }
    list("Failures", task.at("failures").elements, &sheet) {
      "\(edge($0)) (\($0.at("handoff_id").text ?? "-")): \($0.at("decision").text ?? "nobody has decided")"
    }
    list("State was newer there", task.at("state_conflicts").elements, &sheet) {
      "\(edge($0)) (\($0.at("handoff_id").text ?? "-")) after \($0.at("newer_handoff_id").text ?? "-")"
    }
    list(
      "Shared context",
      task.at("shared_context.writes").elements.filter { !$0.at("faults").elements.isEmpty },
      &sheet
    ) {
      let faults = $0.at("faults").elements.compactMap(\.text).joined(separator: ", ")
      return "\(edge($0)) (\($0.at("handoff_id").text ?? "-")): \(faults)"
        + ($0.at("context.written_by").text.map { ", written by \($0)" } ?? "")
    }
    list("Taken by several", task.at("claim_races").elements, &sheet) { race in
      let takers = race.at("claims").elements.compactMap { $0.at("to_agent").text }
      return "\(race.at("group_id").text ?? "-"): \(takers.joined(separator: ", then "))"
    }
    list("Loops", task.at("loops").elements, &sheet) {
      "\(edge($0)), \(Words.count($0.at("times")).text) times"
    }
    list("Escalations", task.at("escalations").elements, &sheet) {
      "\(edge($0)) (\($0.at("handoff_id").text ?? "-"))"
        + ($0.at("escalation.to").text.map { ", to \($0)" } ?? "")
    }
  }

  private static func list(
    _ title: String, _ entries: [JSONValue], _ sheet: inout Sheet, _ words: (JSONValue) -> String
  ) {
    guard !entries.isEmpty else { return }
    sheet.title(title)
    for entry in entries { sheet.line(Cell(words(entry), .warning), indent: 2) }
  }

  private static func edge(_ value: JSONValue) -> String {
    "\(value.at("from_agent").text ?? "?") → \(value.at("to_agent").text ?? "?")"
  }

  private static func tree(_ task: JSONValue) -> Table {
    let firstLoss = task.at("first_loss.handoff_id").text
    let branches = Branches(task.at("handoffs").elements)
    return Table(
      // Where context was lost matters most, so it stands where a narrow terminal still shows it.
      columns: [
        .text("HANDOFF", least: 24), .number("CONTEXT"), .text("", least: 12), .text("STATE", least: 12),
        .text("ID", least: 10), .number("ACK"),
      ],
      rows: branches.rows(deepest: deepest).map { row in
        [
          Cell(row.margin + edge(row.handoff)), Words.share(row.handoff.at("context_retained")),
          remark(row.handoff, firstLoss), Words.state(of: row.handoff),
          Words.text(row.handoff.at("handoff_id")), Words.seconds(row.handoff.at("ack_latency_seconds")),
        ]
      })
  }

  /// What was lost at this hop, else what is odd about it.
  private static func remark(_ handoff: JSONValue, _ firstLoss: String?) -> Cell {
    let isFirst = firstLoss != nil && handoff.at("handoff_id").text == firstLoss
    if let share = handoff.at("completeness").number, share < 1 {
      let words = isFirst ? "◀ lost here" : "◀ lost"
      let requested = handoff.at("memory_refs.requested").number
      let resolved = handoff.at("memory_refs.resolved").number
      let count = requested.flatMap { all in
        resolved.map { Words.plain(all - $0) + " of " + Words.plain(all) }
      }
      return Cell(words + (count.map { ": \($0)" } ?? ""), .bad)
    }
    return handoff.at("loop").isTrue ? Cell("↺ loop", .warning) : Words.error(of: handoff)
  }
}
