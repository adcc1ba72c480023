import Analytics
import Wording

/// What an alert's texts are filled with.
struct AlertWords {
  let rule: Rule
  let labels: [String: String]
  let value: Double?
  let handoffs: UInt64
  let failures: UInt64
  let cause: Cause?
  let handoffID: String?

  /// The annotations of the rule with their values.
  var annotations: [String: String] {
    rule.annotations.mapValues { template in
      let text = template.filled(value(named:))
      // Values that were not known leave gaps and the marks around them.
      return text.split(separator: " ").filter { $0 != ":" }.joined(separator: " ")
    }
  }

  private func value(named name: String) -> String? {
    switch name {
    case "alert": rule.name
    case "severity": rule.severity.rawValue
    case "value": value.map(NumberWords.plain)
    case "value.percent": value.map(NumberWords.percent)
    case "value.duration": value.map(NumberWords.duration)
    case "threshold": NumberWords.plain(rule.bound.threshold)
    case "threshold.percent": NumberWords.percent(rule.bound.threshold)
    case "threshold.duration": NumberWords.duration(rule.bound.threshold)
    case "window": DurationText.show(rule.window)
    case "handoffs": String(handoffs)
    case "failures": String(failures)
    case "handoff_id": handoffID
    case "event_id": cause?.eventID
    case "error.class": cause?.errorClass
    case "error.type": cause?.errorType
    case "error.message": cause?.errorMessage
    case "error.hint": cause?.errorHint
    default: labels[name]
    }
  }
}

/// Numbers as people read them.
enum NumberWords {
  /// Up to four digits behind the point, none that say nothing.
  static func plain(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return "\(value)" }
    let rounded = (value * 1e4).rounded() / 1e4
    if let whole = Int64(exactly: rounded) { return String(whole) }
    return "\(rounded)"
  }

  /// A share as a percentage with up to two digits behind the point.
  static func percent(_ share: Double) -> String {
    plain((share * 1e4).rounded() / 1e2) + " %"
  }

  /// Seconds as a duration.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return plain(seconds) + " s" }
    return seconds >= 60
      ? DurationText.show(.seconds(Int64(seconds)))
      : DurationText.show(.milliseconds(Int64((seconds * 1e3).rounded())))
  }
}
