// What a state's checksum is taken over.
//
// It should be the canonical text of the state, so that whoever reads it can make the same. Many senders hash what their
// library happens to write instead; that is the same state all the same, so those styles are tried too, and which one
// it was is told: a receiver with another library would see a mismatch.
public import Bytes
import Crypto

/// A checksum of a state.
public enum Checksum {
  /// What a checksum was found to be taken over.
  public enum Form: String, CaseIterable, Sendable {
    /// The canonical text.
    case canonical
    /// The text as a library writes it.
    case asWritten = "as_written"
    /// The text that the state itself is.
    case text
  }

  /// The outcome of a comparison.
  public struct Comparison: Equatable, Sendable {
    /// What the canonical text comes to.
    public var computed: String
    /// What the stated one was taken over; nil where it does not match.
    public var form: Form?
  }

  /// States longer than this are tried in their canonical form, and as they were written, alone.
  private static let longestTried = 1 << 20

  /// SHA-256 as `sha256:` and 64 digits.
  public static func sha256(_ bytes: [UInt8]) -> String? {
    Digest.sha256(bytes).map { digest in
      digest.reduce(into: "sha256:") { $0 += ($1 < 16 ? "0" : "") + String($1, radix: 16) }
    }
  }

  /// Compares what is stated with the state; nil where what is stated is no SHA-256.
  public static func compare(_ stated: String, with state: JSONValue) -> Comparison? {
    let canonical = state.bytes(.canonical)
    guard let stated = plain(stated), let computed = sha256(canonical) else { return nil }
    if stated == computed { return Comparison(computed: computed, form: .canonical) }
    if case .text(let text) = state, sha256(Array(text.utf8)) == stated {
      return Comparison(computed: computed, form: .text)
    }
    let styles = canonical.count > longestTried ? [JSONStyle.compact] : styles
    let isMatch = styles.contains { sha256(state.bytes($0)) == stated }
    return Comparison(computed: computed, form: isMatch ? .asWritten : nil)
  }

  private static func plain(_ stated: String) -> String? {
    let lower = stated.lowercased()
    let digits =
      ["sha256:", "sha-256:", "sha256-"].first { lower.hasPrefix($0) }.map { lower.dropFirst($0.count) }
      ?? lower[...]
    guard digits.utf8.count == 64, digits.allSatisfy({ $0.isHexDigit && $0.isASCII }) else { return nil }
    return "sha256:" + digits
  }

  /// With and without spaces, sorted or not, in ASCII or not.
  private static let styles = [false, true].flatMap { spaced in
    [false, true].flatMap { sorted in
      [false, true].map { JSONStyle(sortsNames: sorted, isSpaced: spaced, isASCII: $0) }
    }
  }
}
