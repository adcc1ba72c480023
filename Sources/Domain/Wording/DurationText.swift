/// Durations as people write them: `30s`, `5m`, `1h30m`, `90d`.
public enum DurationText {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
  ]

  /// Reads a duration; units go from large to small, each at most once.
  public static func read(_ text: String) throws(ValueFault) -> Duration {
    let fault = ValueFault(
      "it is not a duration", hint: "write a number and a unit, such as 30s, 5m, 12h or 90d")
    var rest = Substring(text)
    var total: Int64 = 0
    var allowed = units[...]
    repeat {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      let letters = rest.dropFirst(digits.count).prefix { $0.isLetter }
      guard let number = Int64(digits), let unit = allowed.firstIndex(where: { $0.name == letters }) else {
        throw fault
      }
      let (part, tooLong) = number.multipliedReportingOverflow(by: units[unit].milliseconds)
      let (sum, overflow) = total.addingReportingOverflow(part)
      guard !tooLong, !overflow else { throw ValueFault("it is too long") }
      total = sum
      allowed = units[(unit + 1)...]
      rest = rest.dropFirst(digits.count + letters.count)
    } while !rest.isEmpty
    return .milliseconds(total)
  }

  /// Reads a duration; nil where the text is none.
  public static func parse(_ text: String) -> Duration? { try? read(text) }

  /// Writes a duration with as few units as are exact; what is below a millisecond is not shown.
  public static func show(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    var rest =
      seconds.multipliedReportingOverflow(by: 1000).partialValue &+ attoseconds / 1_000_000_000_000_000
    guard rest > 0 else { return "0s" }
    var text = ""
    for unit in units.dropFirst() where rest >= unit.milliseconds {
      text += "\(rest / unit.milliseconds)\(unit.name)"
      rest %= unit.milliseconds
    }
    return text
  }
}

extension Duration {
  /// Whole minutes.
  public static func minutes(_ count: Int64) -> Duration { .seconds(count * 60) }
  /// Whole hours.
  public static func hours(_ count: Int64) -> Duration { .seconds(count * 3600) }
  /// Days of 24 hours.
  public static func days(_ count: Int64) -> Duration { .seconds(count * 86_400) }
}
