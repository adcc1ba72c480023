import Bytes

/// What came back: one document, or the rows of a list.
struct AuditAnswer {
  /// The document, or the last page of a list.
  var document = JSONValue.null
  /// The rows of a list.
  var rows: [JSONValue] = []
  /// Whether there are more rows.
  var isCut = false

  /// Asks; a list is followed page by page until there are `limit` rows, and `progress` is told how many there are.
  static func fetch(
    _ question: AuditQuestion, limit: Int, progress: (Int) -> Void = { _ in },
    get: (String) throws(AuditFailure) -> [UInt8]
  ) throws(AuditFailure) -> AuditAnswer {
    var answer = AuditAnswer()
    guard let list = question.subject.list else {
      answer.document = try value(of: try get(question.target()))
      return answer
    }
    var cursor: String?
    var seen: Set<String> = []
    repeat {
      let page = try value(of: try get(question.target(page(question, limit - answer.rows.count, cursor))))
      guard case .array(let rows)? = page[list] else { throw foreign }
      answer.document = page
      answer.rows += rows.prefix(limit - answer.rows.count)
      let next = page["next_cursor"]?.text
      // A page may be without rows though more follow; a cursor that was there before would lead round in a circle.
      let isNew = next.map { seen.insert($0).inserted } ?? false
      answer.isCut =
        answer.rows.count >= limit && (next != nil || isShort(question, page, answer.rows.count))
      cursor = isNew ? next : nil
      if cursor != nil, answer.rows.count < limit { progress(answer.rows.count) }
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
  private static func isShort(_ question: AuditQuestion, _ page: JSONValue, _ count: Int) -> Bool {
    question.subject.isPaged && (page["total"]?.integer ?? 0) > count
  }

  private static func value(of body: [UInt8]) throws(AuditFailure) -> JSONValue {
    guard let value = JSONValue(body), value.object != nil else { throw foreign }
    return value
  }

  private static let foreign = AuditFailure(
    words:
      "what answers there is no sidecar, or one of another version; say with --url where the sidecar listens")
}
