import Bytes

/// Handoffs put under the ones before them.
struct Branches {
  /// A handoff with the lines that lead to it.
  struct Row {
    var margin: String
    var handoff: JSONValue
  }

  private let handoffs: [JSONValue]
  /// The places of those that begin a path.
  private var roots: [Int] = []
  /// The places of those that follow a place.
  private var followers: [Int: [Int]] = [:]

  /// Puts them in order: only one that came earlier can be the one before, so that there is no circle.
  init(_ handoffs: [JSONValue]) {
    self.handoffs = handoffs
    var places: [String: Int] = [:]
    for (place, handoff) in handoffs.enumerated() {
      if let before = handoff.at("previous").text.flatMap({ places[$0] }) {
        followers[before, default: []].append(place)
      } else {
        roots.append(place)
      }
      if let id = handoff.at("handoff_id").text, places[id] == nil { places[id] = place }
    }
  }

  /// Every handoff once, each under the one before it.
  func rows(deepest: Int) -> [Row] {
    var rows: [Row] = []
    // Last in, first out, so the next sibling waits until a branch is done; no recursion, however long the chain.
    var waiting = roots.reversed().map { (place: $0, depth: 0, margin: "", rest: "") }
    while let (place, depth, margin, rest) = waiting.popLast() {
      rows.append(Row(margin: margin, handoff: handoffs[place]))
      let next = followers[place] ?? []
      for (index, follower) in next.enumerated().reversed() {
        let isLast = index == next.count - 1
        let isDeep = depth >= deepest
        waiting.append(
          (
            follower, depth + 1, isDeep ? margin : rest + (isLast ? "└─ " : "├─ "),
            isDeep ? rest : rest + (isLast ? "   " : "│  ")
          ))
      }
    }
    return rows
  }
}
