import Bytes

/// Facts of an answer in words for people.
enum Words {
  /// A text, or "-".
  static func text(_ value: JSONValue, _ tone: Tone = .plain) -> Cell {
    value.text.map { Cell($0, tone) } ?? .unknown
  }

  /// A whole number, or "-".
  static func count(_ value: JSONValue, alarming: Bool = false) -> Cell {
    guard let number = value.number else { return .unknown }
    return Cell(plain(number), alarming && number > 0 ? .bad : .plain)
  }

  /// A share as a percentage.
  static func share(_ value: JSONValue) -> Cell {
    guard let share = value.number else { return .unknown }
    let tone: Tone = share >= 1 ? .plain : share >= 0.9 ? .warning : .bad
    return Cell(percent(share), tone)
  }

  /// `97 %`; never a round 100 for what is less, nor 0 for what is more.
  static func percent(_ share: Double) -> String {
    let tenths = share * 1000
    guard tenths.isFinite, abs(tenths) < 1e15 else { return "?" }
    var rounded = Int(tenths.rounded())
    if share < 1, rounded == 1000 { rounded = 999 }
    if share > 0, rounded == 0 { rounded = 1 }
    return rounded % 10 == 0 ? "\(rounded / 10) %" : "\(rounded / 10).\(rounded % 10) %"
  }

  /// A time in seconds.
  static func seconds(_ value: JSONValue, _ tone: Tone = .plain) -> Cell {
    value.number.map { Cell(duration($0), tone) } ?? .unknown
  }

  /// `850 ms`, `1.2 s`, `5m 10s`, `3h 20m`, `12d 4h`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, abs(seconds) < 1e12 else { return "?" }
    if seconds < 0 { return "-" + duration(-seconds) }
    if seconds < 0.9995 {
      let tenths = Int((seconds * 10_000).rounded())
      return tenths < 100 && tenths % 10 != 0 ? "\(tenths / 10).\(tenths % 10) ms" : "\((tenths + 5) / 10) ms"
    }
    if seconds < 59.95 {
      let tenths = Int((seconds * 10).rounded())
      return "\(tenths / 10).\(tenths % 10) s"
    }
    let whole = Int(seconds.rounded())
    if whole < 3600 { return "\(whole / 60)m \(whole % 60)s" }
    if whole < 86_400 { return "\(whole / 3600)h \(whole % 3600 / 60)m" }
    return "\(whole / 86_400)d \(whole % 86_400 / 3600)h"
  }

  /// A time of the API without what people do not read: `2026-11-21 03:00:00`.
  static func moment(_ value: JSONValue) -> Cell {
    guard let text = value.text else { return .unknown }
    return Cell(String(text.prefix { $0 != "." && $0 != "Z" }).replacing("T", with: " "))
  }

  /// A state of a handoff, told by its colour too; only what was sent and not answered can be overdue.
  static func state(of handoff: JSONValue) -> Cell {
    guard let state = handoff.at("state").text else { return .unknown }
    if handoff.at("overdue").isTrue { return Cell("overdue", .warning) }
    return Cell(state, tone(ofState: state))
  }

  /// What a state means for whoever looks.
  static func tone(ofState state: String) -> Tone {
    switch state {
    case "completed", "acknowledged", "resolved": .good
    case "failed", "rejected", "expired", "parked": .bad
    case "rolled_back", "cancelled", "escalated", "rerouted", "replayed": .warning
    default: .plain
    }
  }

  /// An error in one line: its type, and what it says.
  static func error(of handoff: JSONValue) -> Cell {
    let parts = ["error.type", "error.message"].compactMap { handoff.at($0).text }
    return parts.isEmpty ? Cell("") : Cell(parts.joined(separator: ": "), .bad)
  }

  /// A number without a needless fraction.
  static func plain(_ number: Double) -> String {
    if let whole = Int(exactly: number) { return String(whole) }
    guard abs(number) < 1e12 else { return String(number) }
    let thousandths = Int((number * 1000).rounded())
    let digits = String(abs(thousandths) % 1000)
    let fraction = String(repeating: "0", count: 3 - digits.count) + digits
    let kept = String(fraction.reversed().drop { $0 == "0" }.reversed())
    return (number < 0 ? "-" : "") + "\(abs(thousandths) / 1000)" + (kept.isEmpty ? "" : ".\(kept)")
  }
}
