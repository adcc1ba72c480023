import Bytes

/// Who sent what was refused, as far as it can be read.
public enum Sender {
  /// The members that name the sender, in the spellings of events and messages, the surest first.
  private static let names = [
    "from_agent", "fromAgent", "source_agent", "sourceAgent", "source", "sender", "agent", "agent_id",
    "agentId",
  ]

  /// The name that a text gives its sender, without secrets; the text may be no event, or be cut off.
  public static func named(in text: [UInt8]) -> String? {
    guard let value = JSONPieces.member(anyOf: names, of: text, text.indices),
      JSONText.isString(text, value)
    else { return nil }
    let name = JSONText.unescaped(text, JSONText.inside(text, value))
    return name.isEmpty ? nil : Excerpt.masked(name.span, longest: longest)
  }

  /// Names are cut behind so many bytes: nobody is called longer than that.
  private static let longest = 128
}
