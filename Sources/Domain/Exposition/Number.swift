/// Numbers as Prometheus writes them: the shortest digits that read back the same, with an exponent
/// from a million up and below a ten-thousandth.
enum Number {
  /// A value: `1e+06`, `0.25`, `NaN`, `+Inf`.
  static func text(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if value == 0 { return value.sign == .minus ? "-0" : "0" }
    let decimal = Decimal(value)
    return decimal.exponent < -4 || decimal.exponent >= 6 ? decimal.scientific : decimal.plain
  }

  /// A bucket's bound, with a point always: `1.0`, `0.005`, `+Inf`.
  static func bound(_ value: Double) -> String {
    let digits = text(value)
    return digits.contains { $0 == "." || $0 == "e" || $0 == "I" } ? digits : digits + ".0"
  }
}

/// The shortest decimal digits of a finite number, and where the point stands.
private struct Decimal {
  var isNegative: Bool
  var digits: [Character]
  /// The power of ten of the first digit.
  var exponent: Int

  init(_ value: Double) {
    isNegative = value < 0
    var exponent = 0
    var digits: [Character] = []
    var pointAt: Int?
    let parts = value.magnitude.description.split(separator: "e")
    for character in parts[0] {
      if character == "." { pointAt = digits.count } else { digits.append(character) }
    }
    exponent = (pointAt ?? digits.count) - 1 + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    while digits.count > 1, digits.first == "0" {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    self.digits = digits
    self.exponent = exponent
  }

  private var sign: String { isNegative ? "-" : "" }

  var scientific: String {
    let fraction = digits.count > 1 ? "." + String(digits[1...]) : ""
    let magnitude = abs(exponent)
    return
      "\(sign)\(digits[0])\(fraction)e\(exponent < 0 ? "-" : "+")\(magnitude < 10 ? "0" : "")\(magnitude)"
  }

  var plain: String {
    if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + String(digits) }
    let padded = digits + Array(repeating: "0", count: max(0, exponent + 1 - digits.count))
    let fraction = padded.count > exponent + 1 ? "." + String(padded[(exponent + 1)...]) : ""
    return sign + String(padded[...exponent]) + fraction
  }
}
