import Decoding
import Model
import Testing

/// Bodies of many windows, and what hides at their seams.
@Suite struct LargeBodyTests {
  /// An event of about `size` bytes.
  private func event(_ number: Int, size: Int) -> String {
    Sample.event(
      "e\(number)", #""attributes":{"note":"\#(String(repeating: "x", count: max(0, size - 130)))"}"#)
  }

  private func ids(_ count: Int, without refused: Set<Int> = []) -> [String] {
    (0..<count).filter { !refused.contains($0) }.map { "e\($0)" }
  }

  private func decode(_ events: [String], as type: String) throws -> DecodedBatch {
    let body = type == Sample.json ? "[\(events.joined(separator: ","))]" : events.joined(separator: "\n")
    return try Sample.decode(body, as: type)
  }

  @Test(arguments: [Sample.json, Sample.lines], [200, 1_000, 15_000])
  func `events are taken whatever window they fall into`(_ type: String, _ size: Int) throws {
    let count = 2_000_000 / size
    let batch = try decode((0..<min(count, 9000)).map { event($0, size: size) }, as: type)
    #expect(batch.refusals.isEmpty)
    #expect(batch.readBack.map { $0.text(.eventID) } == ids(min(count, 9000)))
  }

  @Test(arguments: [Sample.json, Sample.lines])
  func `faults in every hundredth event leave all others`(_ type: String) throws {
    var generator = SeededGenerator(seed: 3)
    let faults = [
      #"{"type":"bogus"}"#, "7", #"{"type":"handoff.step","handoff_id":"\ud800"}"#, #"{"a":1,"a":2}"#,
      #"{"type":"handoff.step","handoff_id":"h","attributes":{"a":1e999}}"#,
      "{\"x\":\"" + String(repeating: "y", count: 70_000) + "\"}",
      "{\"x\":" + String(repeating: "[", count: 200) + String(repeating: "]", count: 200) + "}",
    ]
    var refused: Set<Int> = []
    let events = (0..<3000).map { number in
      guard Int.random(in: 0..<100, using: &generator) == 0 else { return event(number, size: 300) }
      refused.insert(number)
      return faults[refused.count % faults.count]
    }
    let batch = try decode(events, as: type)
    #expect(batch.refusals.map(\.index) == refused.sorted())
    #expect(batch.readBack.map { $0.text(.eventID) } == ids(3000, without: refused))
    #expect(batch.readBack.allSatisfy { $0.text.utf8.count > 250 })
  }

  @Test(arguments: [Sample.json, Sample.lines])
  func `text that looks like the seam of two events does no harm`(_ type: String) throws {
    let events = (0..<40).map { number in
      Sample.event(
        "e\(number)", #""error":{"message":"\#(String(repeating: "},{", count: 1300))"},"hop":\#(number)"#)
    }
    let batch = try decode(events + events, as: type)
    #expect(batch.refusals.isEmpty)
    #expect(batch.readBack.map { $0.text(.eventID) } == ids(40) + ids(40))
  }

  @Test(arguments: [Sample.json, Sample.lines], [65_400, 65_536, 65_537, 300_000, 3_000_000])
  func `an event above the limit is refused by itself, however large`(_ type: String, _ size: Int) throws {
    let head = #"{"type":"handoff.step","handoff_id":"h","event_id":"big","step":{"name":"n","x":""#
    let big = head + String(repeating: "x", count: size - head.utf8.count - 3) + "\"}}"
    #expect(big.utf8.count == size)
    for position in 0...2 {
      var events = [event(0, size: 200), event(1, size: 200)]
      events.insert(big, at: position)
      let batch = try decode(events, as: type)
      #expect(batch.refusedAs == (size > 65_536 ? ["\(position) too_large "] : []))
      #expect(batch.accepted == (size > 65_536 ? 2 : 3))
    }
  }

  @Test func `a single large object is refused as too large, and a cut one as cut`() throws {
    let large = "{\"x\":\"" + String(repeating: "y", count: 400_000) + "\"}"
    #expect(try Sample.decode(large).refusedAs == ["0 too_large "])
    #expect(try Sample.decode(large + " {").refusedAs == ["0 invalid_json "])
    #expect(try Sample.decode(String(large.dropLast())).refusedAs == ["0 invalid_json "])
  }

  @Test func `white space of any length is nothing`() throws {
    let blank = String(repeating: " \n", count: 400_000)
    let body = "\(blank)[\(blank)\(Sample.event("a"))\(blank),\(blank)\(Sample.event("b"))\(blank)]\(blank)"
    #expect(try Sample.decode(body).accepted == 2)
    let lines = "\(blank)\(Sample.event("a"))\(blank)\(Sample.event("b"))\(blank)"
    let batch = try Sample.decode(lines + String(repeating: " ", count: 400_000), as: Sample.lines)
    #expect(batch.accepted == 2)
    #expect(batch.refusals.isEmpty)
  }

  @Test func `a breach of grammar far behind refuses all before it`() throws {
    let events = (0..<5000).map { event($0, size: 300) }
    let batch = try Sample.decode("[\(events.joined(separator: ","))}")
    #expect(batch.accepted == 0)
    #expect(batch.readBack.isEmpty)
    #expect(batch.refusals.map(\.code) == [.invalidJSON])
  }

  @Test(arguments: [Sample.json, Sample.lines])
  func `a million brackets are refused as too deep`(_ type: String) throws {
    for bracket in ["[", "{\"a\":"] {
      let batch = try Sample.decode(String(repeating: bracket, count: 1_000_000), as: type)
      #expect(batch.refusals.map(\.code) == [.tooDeep] || batch.refusals.map(\.code) == [.tooLarge])
      #expect(batch.accepted == 0)
      #expect(try #require(batch.payload.rejections.first).body.count <= 4096)
    }
  }

  @Test(arguments: [Sample.json, Sample.lines])
  func `a number of a million digits is refused, and not repeated in the message`(_ type: String) throws {
    let digits = String(repeating: "7", count: 1_000_000)
    for member in ["\"attempt\":\(digits)", "\"attributes\":{\"a\":\(digits)}"] {
      let batch = try Sample.decode("[{\(member)}]", as: Sample.json)
      #expect(batch.refusals.count == 1)
      #expect(batch.refusals.allSatisfy { $0.message.utf8.count < 300 && $0.pointer.utf8.count < 300 })
    }
  }

  @Test func `what is refused in thousands is listed in full, but kept only as far as asked`() throws {
    let batch = try Sample.decode(String(repeating: "nonsense\n", count: 10_000), as: Sample.lines)
    #expect(batch.refusals.count == 10_000)
    #expect(batch.payload.rejections.count == 1000)
  }

  @Test func `ten thousand keys in one object are told apart, and one of them twice is found`() throws {
    let keys = (0..<1500).map { "\"k\($0)\":1" }
    let good = Sample.event("e", "\"attributes\":{\(keys.joined(separator: ","))}")
    #expect(try Sample.decode(good).accepted == 1)
    let bad = Sample.event("e", "\"attributes\":{\((keys + ["\"k700\":2"]).joined(separator: ","))}")
    #expect(try Sample.decode(bad).refusedAs == ["0 duplicate_key /attributes/k700"])
  }
}
