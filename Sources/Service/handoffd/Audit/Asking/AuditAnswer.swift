import Bytes

/// What came back: one document, or the rows of a list.
struct AuditAnswer {
  /// The document, or the last page of a list.
  var document: [UInt8] = []
  /// The rows of a list, each a compact JSON document.
  var rows: [[UInt8]] = []
  /// Whether there are more rows.
  var isCut = false

  /// Asks; a list is followed page by page until there are `limit` rows, and `progress` is told how many there are.
  static func fetch(
    _ question: AuditQuestion, limit: Int, progress: (Int) -> Void = { _ in },
    get: (String) throws(AuditFailure) -> [UInt8]
  ) throws(AuditFailure) -> AuditAnswer {
    var answer = AuditAnswer()
    guard let list = question.subject.list else {
      answer.document = try compact(try get(question.target()))
      return answer
    }
    var cursor: String?
    repeat {
      let page = try compact(try get(question.target(page(question, limit - answer.rows.count, cursor))))
      guard let members = JSONText.members(page), let rows = members[list].flatMap(JSONText.elements) else {
        throw foreign
      }
      answer.document = page
      answer.rows += rows.prefix(limit - answer.rows.count)
      let next = members["next_cursor"].flatMap { JSONValue($0)?.text }
      // A page without rows, or the same cursor again, would lead round in a circle.
      let isNew = next != nil && next != cursor && !rows.isEmpty
      answer.isCut =
        answer.rows.count >= limit && (next != nil || isShort(question, members, answer.rows.count))
      cursor = isNew ? next : nil
      if cursor != nil { progress(answer.rows.count) }
    } while cursor != nil && answer.rows.count < limit
    return answer
  }

  private static func page(
    _ question: AuditQuestion, _ left: Int, _ cursor: String?
  ) -> [(name: String, value: String)] {
    guard question.subject.isPaged else { return [] }
    return [("limit", String(min(1_000, left)))] + (cursor.map { [("cursor", $0)] } ?? [])
  }

  /// A list from memory has no cursor, and tells how many there are.
  private static func isShort(_ question: AuditQuestion, _ members: [String: [UInt8]], _ count: Int) -> Bool {
    question.subject.isPaged && (members["total"].flatMap { JSONValue($0)?.integer } ?? 0) > count
  }

  private static func compact(_ body: [UInt8]) throws(AuditFailure) -> [UInt8] {
    guard case .object? = JSONValue(body) else { throw foreign }
    return JSONText.compact(body)
  }

  private static let foreign = AuditFailure(
    words:
      "what answers there is no sidecar, or one of another version; say with --url where the sidecar listens")
}
