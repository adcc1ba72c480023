/// Guesses what was meant.
public enum Spelling {
  /// The candidate that differs least, if it is near enough to be worth a question.
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    let typed = fold(word)
    guard !typed.isEmpty, typed.count <= 64 else { return nil }
    let scored = candidates.map { ($0, distance(typed, fold($0))) }
    if let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= max(1, typed.count / 3) { return best.0 }
    let longer = candidates.filter { fold($0).starts(with: typed) }
    return typed.count >= 3 && longer.count == 1 ? longer.first : nil
  }

  /// Dashes and underscores are the same key to a tired hand; so are large and small letters.
  private static func fold(_ word: String) -> [UInt8] {
    word.lowercased().utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }
  }

  /// Insertions, deletions, replacements and swaps of neighbours between two words.
  public static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[right.count]
  }
}
