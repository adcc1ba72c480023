import Bytes
import Compression
import Configuration
import HTTPClient
import Platform
import Testing

@testable import handoffd

@Suite struct `The input of send` {
  /// What comes out of `bytes` when they come in pieces of `size`.
  private func read(_ bytes: [UInt8], size: Int) throws -> [UInt8] {
    var rest = bytes[...]
    let input = try EventInput("it") { () throws(SystemError) in
      defer { rest = rest.dropFirst(size) }
      return Array(rest.prefix(size))
    }
    var all: [UInt8] = []
    while true {
      let piece = try input.read()
      #expect(piece.count <= 64 << 10)
      if piece.isEmpty { return all }
      all += piece
    }
  }

  @Test(arguments: [1, 2, 7, 1_000, 1 << 20])
  func `is unpacked where it is gzip, in whatever pieces it comes`(size: Int) throws {
    let plain = Array(String(repeating: "a handoff, and then another\n", count: 9_000).utf8)
    let packed = try #require(Gzip.pack(plain))
    #expect(try read(packed, size: size) == plain)
    #expect(try read(packed + packed, size: size) == plain + plain)
    #expect(try read(Array(plain.prefix(500)), size: size) == Array(plain.prefix(500)))
    #expect(try read([0x1f], size: size) == [0x1f])
    #expect(try read([], size: size) == [])
  }

  @Test func `that is damaged, cut off, or followed by something else is told to be`() throws {
    let packed = try #require(Gzip.pack(Array("a handoff".utf8)))
    func fault(_ bytes: [UInt8]) -> String {
      do {
        return String(decoding: try read(bytes, size: 3), as: UTF8.self)
      } catch {
        return "\(error)"
      }
    }
    #expect(fault(packed) == "a handoff")
    for count in 2..<packed.count {
      #expect(fault(Array(packed.prefix(count))) == "cannot unpack it: it is cut off before its end")
    }
    #expect(fault(packed + [1]) == "cannot unpack it: something that is not gzip follows it")
    var damaged = packed
    damaged[packed.count - 6] ^= 1
    #expect(fault(damaged) == "cannot unpack it: it is damaged (its checksum or its codes are wrong)")
  }
}

@Suite struct `The lines of a source` {
  private func lines(_ pieces: [String], longest: Int = 10) throws -> [LineSource.Line] {
    var rest = pieces.map { Array($0.utf8) }[...]
    var source = LineSource(longest: longest) { () throws(UnreadableInput) in rest.popFirst() ?? [] }
    var lines: [LineSource.Line] = []
    while let line = try source.next() { lines.append(line) }
    #expect(source.consumed == pieces.joined().utf8.count)
    return lines
  }

  @Test(
    arguments: [
      ([], []), (["a"], [1]), (["a\n"], [1]), (["a\nb"], [1, 2]), (["\n\na\n \t\r\nb\n\n"], [3, 5]),
      (["a", "b", "\n", "c"], [1, 2]),
      (["a\n", "\n", "b"], [1, 3]),
    ] as [([String], [Int])])
  func `are numbered as an editor numbers them, empty ones left out`(_ pieces: [String], _ numbers: [Int])
    throws
  {
    #expect(try lines(pieces).map(\.number) == numbers)
  }

  @Test func `a line that is too long is passed over without keeping it`() throws {
    let found = try lines(["aaaaaaaaaa\n", "bbbbbb", "bbbbbb\ncc\n", "ddddddddddd"])
    #expect(found.map(\.bytes?.count) == [10, nil, 2, nil])
  }
}

@Suite struct `One delivery` {
  /// Answers in order; nil for a refused connection.
  private func deliver(_ statuses: [(Int, String?)], giveUpAfter: Duration = .seconds(120)) -> (
    Delivered, [Duration]
  ) {
    let time = ManualTime()
    var rest = statuses[...]
    var waits: [Duration] = []
    var settings = SendSettings()
    settings.giveUpAfter = giveUpAfter
    var batch = Batch()
    batch.append(Array("{}".utf8), line: 1)
    var delivery = Delivery(
      settings: settings,
      exchange: { _ throws(HTTPClientError) in
        guard let (status, retryAfter) = rest.popFirst() else {
          throw HTTPClientError(.connect, "http://x", "Connection refused")
        }
        let body = Array("{\"accepted\":1,\"duplicates\":0,\"rejected\":[]}".utf8)
        return HTTPAnswer(status: status, headers: retryAfter.map { [("retry-after", $0)] } ?? [], body: body)
      },
      time: time,
      wait: { length in
        waits.append(length)
        time.advance(by: length)
      },
      notice: { _, _ in }, jitter: SplitMix64(seed: 1))
    return (delivery.deliver(batch), waits)
  }

  @Test func `the sidecar's own Retry-After wins, up to a minute`() {
    let (delivered, waits) = deliver([(503, "7"), (429, "3600"), (200, nil)])
    #expect(delivered == .taken(accepted: 1, duplicates: 0, refused: []))
    #expect(waits == [.seconds(7), .seconds(60)])
  }

  @Test func `waits double up to ten seconds and end with the time that was given`() throws {
    let (delivered, waits) = deliver([])
    #expect(delivered == .failed(reason: "Connection refused"))
    let total = waits.reduce(Duration.zero, +)
    #expect(total == .seconds(120))
    #expect(waits.allSatisfy { $0 <= .seconds(10) })
    #expect(try #require(waits.first) <= .milliseconds(250))
    #expect(waits.dropLast().suffix(3).allSatisfy { $0 >= .seconds(5) })
  }

  @Test(arguments: [500, 502, 504, 408])
  func `what stands between may be unwell for a while`(_ status: Int) {
    #expect(deliver([(status, nil), (200, nil)]).0 == .taken(accepted: 1, duplicates: 0, refused: []))
  }
}

@Suite struct `JSON of an answer` {
  @Test(arguments: [
    ("null", JSONValue.null),
    (
      " [1, -2.5e1 ,\"a\\n\\u00e9\\ud83d\\ude00\\/\"] ",
      .array([.number(1), .number(-25), .text("a\n\u{E9}\u{1F600}/")])
    ),
    (
      "{\"a\":{\"b\":[]},\"c\":true,\"d\":false}",
      .object(["a": .object(["b": .array([])]), "c": .boolean(true), "d": .boolean(false)])
    ),
    ("{}", .object([:])), ("\"\"", .text("")),
  ])
  func `is read`(_ text: String, _ value: JSONValue) {
    #expect(JSONValue(Array(text.utf8)) == value)
  }

  @Test(arguments: [
    "", " ", "nul", "{", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "\"", "\"\\x\"", "\"\\ud800\"", "\"\\u12\"",
    "\"\u{1}\"", "1 2", "+", "1e999",
    "NaN", "[1}", String(repeating: "[", count: 100_000),
  ])
  func `is refused when it is none`(_ text: String) {
    #expect(JSONValue(Array(text.utf8)) == nil)
  }

  @Test func `broken UTF-8 is no text`() {
    #expect(JSONValue([0x22, 0xFF, 0x22]) == nil)
  }
}

@Suite struct `The progress line` {
  @Test func `tells share, events and rate`() {
    let line = ProgressLine(total: 1000).render(consumed: 500, events: 1234, refused: 2, seconds: 2)
    #expect(line == "[###############...............]  50 %  1234 events, 617/s, 2 refused")
  }

  @Test(arguments: [(0, 0.0), (5, 0.0), (2000, 1.0)])
  func `survives odd figures`(_ consumed: Int, _ seconds: Double) {
    for total in [nil, 0, 1000] {
      let line = ProgressLine(total: total).render(
        consumed: consumed, events: 0, refused: 0, seconds: seconds)
      #expect(!line.isEmpty)
      #expect(line.count < 80)
    }
  }
}
