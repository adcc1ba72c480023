import Platform
import Testing

struct LogTests {
  private final class Lines: Sendable {
    private let lines = Guarded<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  private let time = ManualTime()
  private let lines = Lines()

  private func log(_ format: Log.Format, level: Log.Level = .info) -> Log {
    Log(level: level, format: format, time: time) { [lines] in lines.add($0) }
  }

  @Test func `a text line has time, level, message and fields in order`() {
    log(.text)(.info, "spool opened", ["path": "/a b", "bytes": 3, "share": 0.5, "fresh": true, "id": "x1"])
    #expect(
      lines.all == [
        "2026-11-21T03:00:00.000000Z INFO spool opened path=\"/a b\" bytes=3 share=0.5 fresh=true id=x1\n"
      ])
  }

  @Test func `a JSON line is one object`() {
    log(.json)(.warning, "spool \"half\" full", ["used": 0.5, "bad": .number(.nan), "text": "a\\b"])
    #expect(
      lines.all == [
        #"{"time":"2026-11-21T03:00:00.000000Z","level":"warning","message":"spool \"half\" full","#
          + #""used":0.5,"bad":"nan","text":"a\\b"}"# + "\n"
      ])
  }

  @Test(arguments: [
    ("a\n{\"level\":\"info\"}", #"a\n{\"level\":\"info\"}"#),
    ("\u{1B}[2J", #"\u001b[2J"#),
    ("\u{85}\u{2028}\u{2029}", #"\u0085\u2028\u2029"#),
    ("\u{202E}abc\u{2066}", #"\u202eabc\u2066"#),
    ("\u{0}\r\u{7F}", #"\u0000\u000d\u007f"#),
    ("ümläut 日本", "ümläut 日本"),
  ])
  func `untrusted text cannot forge a line`(text: String, escaped: String) {
    log(.json)(.info, "m", ["v": .text(text)])
    log(.text)(.info, "n", ["v": .text(text)])
    #expect(lines.all.count == 2)
    #expect(lines.all.first?.contains("\"v\":\"\(escaped)\"") == true)
    #expect(lines.all.last?.hasSuffix(" n v=\"\(escaped)\"\n") == true)
  }

  @Test func `a long value is cut at a character`() {
    log(.text)(.info, "m", ["v": .text(String(repeating: "é", count: 1_000))])
    #expect(lines.all.first?.hasSuffix("v=\"" + String(repeating: "é", count: 128) + "…\"\n") == true)
  }

  @Test func `lines above the level are left out, and the level can change`() {
    let log = log(.text, level: .warning)
    log(.info, "no")
    log(.error, "yes")
    log.setLevel(.debug)
    log(.debug, "now")
    #expect(lines.all.map { $0.dropFirst(28) } == ["ERROR yes\n", "DEBUG now\n"])
  }

  @Test func `ten lines a second of a message, and then how many there were`() {
    let log = log(.text)
    for _ in 0..<25 { log(.warning, "flood") }
    log(.info, "other")
    #expect(lines.all.count == 11)
    time.advance(by: .seconds(1))
    log(.warning, "flood")
    #expect(lines.all.count == 13)
    #expect(lines.all[11].hasSuffix("WARNING flood … repeated 15 times repeated=15\n"))
    for _ in 0..<12 { log(.warning, "flood") }
    log.flush()
    #expect(lines.all.last?.contains("flood … repeated 3 times") == true)
  }
}
