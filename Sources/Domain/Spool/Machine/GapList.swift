/// Ranges of sequences that cannot be read; each is reported once, however often it is met.
struct GapList: Sendable, Hashable {
  /// How many ranges.
  private(set) var count = 0
  /// How many sequences in them.
  private(set) var sequences = 0
  /// The last of them; bounded.
  private(set) var recent: [SpoolGap] = []
  private static let limit = 100

  /// Notes a range, and returns what of it is news.
  mutating func note(_ gap: SpoolGap) -> SpoolGap? {
    var news = gap
    var before: SpoolGap?
    while before != news {
      before = news
      for known in recent where known.first <= news.last && known.last >= news.first {
        if known.first <= news.first {
          news.first = known.last + 1
        } else if known.last >= news.last {
          news.last = known.first - 1
        }
        if news.first > news.last { return nil }
      }
    }
    count += 1
    sequences += news.count
    if recent.count == Self.limit { recent.removeFirst() }
    recent.append(news)
    return news
  }
}
