import Bytes
import Testing

@Suite struct JSONStyleTests {
  private func canonical(_ text: String) -> String? {
    JSONValue(Array(text.utf8)).map { String(decoding: $0.bytes(.canonical), as: UTF8.self) }
  }

  @Test(arguments: [
    ("1.0", "1"), ("-0", "0"), ("0.0", "0"), ("1e21", "1e+21"), ("1e20", "100000000000000000000"),
    ("123456789012345678901234", "1.2345678901234569e+23"), ("0.000001", "0.000001"), ("1E-7", "1e-7"),
    ("333333333.33333329", "333333333.3333333"), ("1e30", "1e+30"), ("4.50", "4.5"), ("2e-3", "0.002"),
    ("0.000000000000000000000000001", "1e-27"), ("-12.5", "-12.5"), ("9007199254740993", "9007199254740992"),
    ("5e-324", "5e-324"), ("1.7976931348623157e308", "1.7976931348623157e+308"),
  ])
  func `numbers are written as ECMAScript writes them`(_ text: String, _ written: String) {
    #expect(canonical(text) == written)
  }

  @Test func `the canonical text of the standard's examples`() {
    let sent =
      #"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#
    let wanted =
      #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
    #expect(canonical(sent) == wanted)
  }

  @Test func `names stand by their UTF-16 units`() {
    let sent = #"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#
    #expect(
      canonical(sent)
        == "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{F6}\":7,\"\u{20AC}\":1,\"\u{1F600}\":5,\"\u{FB33}\":3}")
  }

  @Test func `other styles are those of common libraries`() throws {
    let value = try #require(JSONValue(Array(#"{"b":[1.0,"é😀"],"a":{}}"#.utf8)))
    func text(_ style: JSONStyle) -> String { String(decoding: value.bytes(style), as: UTF8.self) }
    #expect(text(.compact) == #"{"b":[1.0,"é😀"],"a":{}}"#)
    #expect(text(JSONStyle(isSpaced: true, isASCII: true)) == #"{"b": [1.0, "\u00e9\ud83d\ude00"], "a": {}}"#)
  }
}
