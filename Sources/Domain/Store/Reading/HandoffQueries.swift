import Model
import Platform
import Postgres

extension StoreQueries {
  /// So many handoffs are looked at together where no index leads to those that are asked for.
  private static let searched = 2_000

  /// Handoffs that pass a filter, at most `limit`, behind `cursor`.
  ///
  /// Half the time of a question is for the whole answer at once; where that is not enough, the rest is for a search that
  /// gives what it has found when the time is over.
  public func handoffs(
    _ filter: HandoffFilter, order: HandoffOrder = .descending, limit: Int = 100, cursor: String? = nil
  ) throws(StoreError) -> HandoffPage {
    let list = Cursor.List.handoffs(order)
    let after = try Self.read(cursor, list)
    let limit = min(max(limit, 1), Self.largestPage)
    let asOf = asOf
    let query = HandoffQuery(filter, order: order, limit: limit + 1, after: after)
    do throws(StoreError) {
      let found = try ask("list handoffs", share: 0.5) { scope throws(PostgresError) in
        try scope.handoffs(query.sql, query.parameters, isLast: true)
      }
      return HandoffPage(found, limit: limit, next: nil, list, asOf: asOf)
    } catch {
      guard error.code == .tooSlow else { throw error }
      return try search(
        filter, order, limit: limit, from: cursor, until: time.now() + settings.queryDeadline * 0.4)
    }
  }

  /// Looks at one handoff after another until `end`; what it has not come to by then is left to the next page, so that
  /// this one may be short, or empty, though more follow.
  ///
  /// The last look may take as long again as is left of the time of a question, a tenth of it.
  func search(
    _ filter: HandoffFilter, _ order: HandoffOrder, limit: Int, from cursor: String?,
    until end: MonotonicInstant
  ) throws(StoreError) -> HandoffPage {
    let asOf = asOf
    let deadline = end + settings.queryDeadline * 0.1
    var found: [StoredHandoff] = []
    var next = cursor
    repeat {
      do throws(StoreError) {
        let page = try fitting(filter, order, of: Self.searched, behind: next, until: deadline)
        found += page.handoffs
        next = page.next
      } catch {
        // Where nothing was looked at, the next page would find nothing new, either.
        guard error.code == .tooSlow, next != cursor else { throw error }
        break
      }
    } while next != nil && found.count <= limit && time.now() < end
    return HandoffPage(found, limit: limit, next: next, .handoffs(order), asOf: asOf)
  }

  /// Whether a cursor was given out for a list of handoffs in that order.
  public static func isCursor(_ text: String, for order: HandoffOrder) -> Bool {
    Cursor(text)?.list == .handoffs(order)
  }

  static func read(_ text: String?, _ list: Cursor.List) throws(StoreError) -> Cursor? {
    guard let text else { return nil }
    guard let cursor = Cursor(text), cursor.list == list else {
      throw StoreError(
        .cursor, "go on with the list", cause: "the cursor is none that was given out for this list")
    }
    return cursor
  }
}

extension HandoffPage {
  /// The first of those that were found; `next` is where to go on behind all of them.
  fileprivate init(
    _ found: [StoredHandoff], limit: Int, next: String?, _ list: Cursor.List, asOf: Timestamp?
  ) {
    let last = found.count > limit ? found[limit - 1] : nil
    self.init(
      handoffs: Array(found.prefix(limit)),
      next: last.map { Cursor(list, $0.firstEventAt, $0.id).text } ?? next, asOf: asOf)
  }
}
