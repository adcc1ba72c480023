/// One line that tells how far sending has come; written over again and again on a terminal.
struct ProgressLine {
  /// Bytes to send in all; nil when that is not known, as with a pipe.
  let total: Int?

  /// The line for a moment, without an end of line.
  func render(consumed: Int, events: Int, refused: Int, seconds: Double) -> String {
    let rate = seconds > 0 ? Int(Double(events) / seconds) : 0
    let tail = "\(events) events, \(rate)/s" + (refused > 0 ? ", \(refused) refused" : "")
    guard let total, total > 0 else { return tail }
    let share = min(1, Double(consumed) / Double(total))
    let filled = Int(share * 30)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
    let percent = String(Int(share * 100))
    return "[\(bar)] \(String(repeating: " ", count: 3 - percent.count))\(percent) %  \(tail)"
  }
}
