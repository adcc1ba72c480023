/// Counts what became of the events, and words it.
struct SendReport {
  private(set) var accepted = 0
  private(set) var duplicates = 0
  private(set) var refused = 0
  private var codes: [String: Int] = [:]

  /// Refusals that are told line by line; beyond, they are only counted.
  static let toldRefusals = 1_000

  /// Events that were looked at.
  var events: Int { accepted + duplicates + refused }

  /// Adds a batch; gives the lines to tell about it.
  mutating func add(accepted: Int, duplicates: Int, refused: [Refused]) -> [String] {
    self.accepted += max(0, accepted)
    self.duplicates += max(0, duplicates)
    var lines: [String] = []
    for event in refused {
      self.refused += 1
      codes[event.code, default: 0] += 1
      if self.refused <= Self.toldRefusals { lines.append(event.description) }
      if self.refused == Self.toldRefusals + 1 { lines.append("further refused lines are only counted") }
    }
    return lines
  }

  /// The last word on all events.
  func summary(seconds: Double) -> String {
    let tenths = Int(max(0, seconds) * 10)
    let head = "\(events) events in \(tenths / 10).\(tenths % 10) s: "
    let reasons = codes.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    let detail = reasons.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    return head + "\(accepted) accepted, \(duplicates) duplicates, \(refused) rejected"
      + (detail.isEmpty ? "" : " (\(detail))")
  }
}
