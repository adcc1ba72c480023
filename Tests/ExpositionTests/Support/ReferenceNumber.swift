/// Numbers as Go writes them, the slow way: what the writer's digits are compared with.
enum ReferenceNumber {
  static func text(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if value == 0 { return value.sign == .minus ? "-0" : "0" }
    let parts = value.magnitude.description.split(separator: "e")
    let point = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let all = point.joined()
    let significant = all.drop { $0 == "0" }
    let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let exponent = point[0].count - 1 - (all.count - significant.count) + power
    var digits = String(significant)
    while digits.count > 1, digits.hasSuffix("0") { digits.removeLast() }
    let text = exponent < -4 || exponent >= 6 ? scientific(digits, exponent) : plain(digits, exponent)
    return (value < 0 ? "-" : "") + text
  }

  private static func scientific(_ digits: String, _ exponent: Int) -> String {
    let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
    let power = String(abs(exponent))
    return "\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(power.count < 2 ? "0" : "")\(power)"
  }

  private static func plain(_ digits: String, _ exponent: Int) -> String {
    if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + digits }
    let padded = digits + String(repeating: "0", count: max(0, exponent + 1 - digits.count))
    let fraction = padded.dropFirst(exponent + 1)
    return padded.prefix(exponent + 1) + (fraction.isEmpty ? "" : "." + fraction)
  }
}
