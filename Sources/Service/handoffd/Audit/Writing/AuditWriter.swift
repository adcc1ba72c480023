import Bytes
import Configuration
import Wording

/// Writes an answer in the form that was asked for.
struct AuditWriter {
  let question: AuditQuestion
  let paper: Paper

  /// All of it.
  func write(_ answer: AuditAnswer, _ format: AnswerForm.Format) -> [UInt8] {
    switch format {
    case .table: Array(table(answer).utf8)
    case .ndjson: shown(lines(answer).flatMap { $0 + [0x0A] })
    case .json: shown(json(answer))
    case .csv: shown(csv(answer))
    }
  }

  /// As it is; on a terminal what would act on it is escaped.
  private func shown(_ bytes: [UInt8]) -> [UInt8] {
    paper.columns == nil ? bytes : Self.fit(bytes)
  }

  /// Text for programs made fit for a terminal: what would act on it is escaped as JSON escapes it.
  static func fit(_ bytes: [UInt8]) -> [UInt8] {
    var safe = ""
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      guard Printable.acts(scalar), scalar != "\n", scalar != "\r" else {
        safe.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        safe += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return Array(safe.utf8)
  }

  private func lines(_ answer: AuditAnswer) -> [[UInt8]] {
    question.subject.list == nil ? [answer.document.bytes()] : answer.rows.map { $0.bytes() }
  }

  /// A list as one array, a row a line.
  static func list(_ rows: [[UInt8]]) -> [UInt8] {
    let lines = rows.joined(separator: Array(",\n".utf8))
    return Array("[\n".utf8) + lines + Array((rows.isEmpty ? "]\n" : "\n]\n").utf8)
  }

  private func json(_ answer: AuditAnswer) -> [UInt8] {
    guard question.subject.list != nil else { return answer.document.bytes() + [0x0A] }
    return Self.list(lines(answer))
  }

  private func csv(_ answer: AuditAnswer) -> [UInt8] {
    let document = answer.document
    let rows = answer.rows
    switch question.subject {
    case .handoffs: return CSV.table(CSV.handoffs, rows)
    case .handoff: return CSV.table(CSV.handoffs, [document.at("handoff")])
    case .task: return CSV.table(CSV.handoffs + CSV.chain, document.at("handoffs").elements)
    case .conversation: return CSV.table(CSV.handoffs, document.at("handoffs").elements)
    case .active: return CSV.table(CSV.active, rows)
    case .agents: return CSV.table(CSV.agents, rows)
    case .agent: return CSV.table(CSV.agents, [document])
    case .deadLetters: return CSV.table(CSV.deadLetters, rows)
    case .alerts: return CSV.table(CSV.alerts, rows)
    case .summary: return CSV.leaves(document)
    }
  }

  private func table(_ answer: AuditAnswer) -> String {
    var sheet = Sheet(paper: paper)
    let rows = answer.rows
    let document = answer.document
    switch question.subject {
    case .handoffs: sheet.table(HandoffViews.table(rows))
    case .active: sheet.table(HandoffViews.active(rows))
    case .agents: sheet.table(AgentViews.table(rows))
    case .deadLetters: sheet.table(HandoffViews.deadLetters(rows))
    case .alerts: sheet.table(AlertViews.table(rows))
    case .handoff: HandoffViews.detail(document, &sheet)
    case .task: TaskView.write(document, &sheet)
    case .conversation: ConversationView.write(document, &sheet)
    case .agent: AgentViews.detail(document, &sheet)
    case .summary: SummaryView.write(document, &sheet)
    }
    if question.subject.list != nil, rows.isEmpty {
      return "There are no \(question.subject.plural)\(asked).\n"
    }
    return sheet.text
  }

  /// That a filter may be why there is nothing.
  private var asked: String {
    question.parameters.contains { $0.name != "order" && $0.name != "scope" } ? " that match" : ""
  }
}
