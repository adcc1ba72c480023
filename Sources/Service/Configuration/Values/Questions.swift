// The forms of what a sidecar is asked: kept as text, because the sidecar reads it.

import Wording

extension ValueForm where Value == String {
  /// A moment: how long ago, a date, or a time as RFC 3339 has it.
  static let moment = ValueForm(
    placeholder: "WHEN", grammar: "duration, date or RFC 3339 time",
    read: { text throws(ValueFault) in
      if DurationText.parse(text) != nil { return text }
      // Only the shape; whether there is such a day is for the sidecar to say.
      if text.wholeMatch(of: /\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d))?/) != nil {
        return text
      }
      throw ValueFault(
        "it is not a moment", hint: "write a duration such as 2h for two hours ago, or 2026-11-21T03:00:00Z")
    },
    show: { $0 })

  /// A number within a range.
  static func decimal(_ range: ClosedRange<Int>) -> ValueForm {
    let words = "\(range.lowerBound) to \(range.upperBound)"
    return ValueForm(
      placeholder: "NUMBER", grammar: "number, \(words)",
      read: { text throws(ValueFault) in
        guard let number = Double(text), number >= Double(range.lowerBound),
          number <= Double(range.upperBound)
        else { throw ValueFault("it is not a number from \(words)") }
        return text
      },
      show: { $0 })
  }

  /// `true` or `false`, where neither is the default.
  static let trueOrFalse = ValueForm(
    placeholder: "true|false", grammar: "`true` or `false`",
    read: { text throws(ValueFault) in try ValueForm<Bool>.toggle.read(text) ? "true" : "false" },
    show: { $0 })
}
