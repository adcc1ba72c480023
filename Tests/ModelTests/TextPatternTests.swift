import Model
import TestSupport
import Testing

/// Regular expressions as rules know them; that PostgreSQL finds the same with them is a test of the store.
struct TextPatternTests {
  private func finds(_ pattern: String, _ text: String) -> Bool? {
    TextPattern(pattern)?.isFound(in: text.unicodeScalars)
  }

  @Test(arguments: [
    ("", "", true), ("", "x", true), ("b", "abc", true), ("^b", "abc", false), ("^ab", "abc", true),
    ("c$", "abc", true), ("b$", "abc", false), ("^$", "", true), ("^$", "a", false), ("a.c", "a\nc", true),
    ("^prod-(eu|us)-\\d{2,3}$", "prod-eu-17", true), ("^prod-(eu|us)-\\d{2,3}$", "prod-eu-1", false),
    ("^(a|)b?$", "b", true), ("^[^a-c\\]]+$", "xyz", true), ("^[^a-c\\]]+$", "x]z", false),
    ("[a\\-z]", "-", true), ("[a-]", "-", true), ("^.$", "\u{1F600}", true), ("^e.$", "e\u{301}", true),
    ("^(ab){2}$", "abab", true), ("^(ab){2}$", "ab", false), ("^a{0}b$", "b", true),
    ("^\\w+\\s\\S$", "a_1 !", true),
    ("(x|y)*?z", "xyxz", true), ("a\\.b", "a.b", true), ("a\\.b", "axb", false),
  ])
  func `a pattern finds what it says`(pattern: String, text: String, isFound: Bool) {
    #expect(finds(pattern, text) == isFound)
  }

  @Test(arguments: [
    "(", ")", "a)", "[", "[]", "[^]", "[b-a]", "[[:alpha:]]", "*", "a**", "^*", "a{2}{3}", "a{", "a{x}",
    "a{2,1}", "a{256}",
    "(a)\\1", "(?=a)", "(?i)a", "\\b", "\\ba", "\\", "a\\", "[\\D]", "[\\w-z]", "((a{200}){200}){200}",
  ])
  func `what both sides do not read alike is no pattern`(pattern: String) {
    #expect(TextPattern(pattern) == nil)
  }

  @Test(arguments: ["^(a+)+$", "^(a|a?)+b"])
  func `no text makes a pattern slow`(pattern: String) {
    // One way through is doubled by each character: an engine that goes back would not come to an end.
    let start = ContinuousClock.now
    #expect(finds(pattern, String(repeating: "a", count: 20_000) + "!") == false)
    #expect(ContinuousClock.now - start < .seconds(30) * Sanitizer.slowness)
  }
}
