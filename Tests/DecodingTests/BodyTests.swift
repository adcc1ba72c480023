import Decoding
import Model
import Testing

@Suite struct BodyTests {
  private static let ids = ["a", "b", "c"]
  private static let events = ids.map { Sample.event($0) }

  @Test(arguments: [
    (events[0], ["a"]), (" \n\(events[0])\r\n\t ", ["a"]), ("[\(events.joined(separator: ","))]", ids),
    (" [ \(events.joined(separator: " ,\n ")) ] ", ids),
  ])
  func `a body is one event or an array`(_ body: String, _ ids: [String]) throws {
    let batch = try Sample.decode(body)
    #expect(batch.readBack.map { $0.text(.eventID) } == ids)
    #expect(batch.refusals.isEmpty)
  }

  @Test(arguments: ["\n", "\r\n", "\n\n\n", " \n \t\n "])
  func `or an event a line, with blank lines between`(_ separator: String) throws {
    for end in ["", separator] {
      let batch = try Sample.decode(Self.events.joined(separator: separator) + end, as: Sample.lines)
      #expect(batch.readBack.map { $0.text(.eventID) } == Self.ids)
      #expect(batch.refusals.isEmpty)
    }
  }

  @Test func `an empty array is a body without events`() throws {
    let batch = try Sample.decode("[ ]")
    #expect(batch.accepted == 0)
    #expect(batch.refusals.isEmpty)
  }

  @Test(arguments: ["", " ", "\n\n", "\t\r\n"], [Sample.json, Sample.lines])
  func `an empty body is refused`(_ body: String, _ type: String) throws {
    let batch = try Sample.decode(body, as: type)
    #expect(batch.refusedAs == ["0 invalid_json "])
    #expect(batch.refusals.first?.message.contains("empty") == true)
  }

  /// Breaches of grammar, each with the words that tell of it.
  static let breaches = [
    (#"{"a":1"#, "ends too early"), (#"{"a":1,}"#, "key"), (#"{"a" 1}"#, "colon"), (#"{"a":}"#, "value"),
    (#"{"a":NaN}"#, "NaN"), (#"{"a":Infinity}"#, "NaN"), (#"{"a":-Infinity}"#, "number"),
    (#"{"a":01}"#, "number"),
    (#"{"a":1.}"#, "number"), (#"{"a":.5}"#, "value"), (#"{"a":+1}"#, "value"), (#"{"a":1e}"#, "number"),
    (#"{"a":0x10}"#, "number"), (#"{"a":1 2}"#, "comma"), (#"{"a":[1,]}"#, "value"),
    (#"{"a":[1 2]}"#, "comma"),
    (#"{"a":tru}"#, "true"), (#"{"a":'b'}"#, "value"), (#"{a:1}"#, "key"), (#"{"a":"\x"}"#, "escape"),
    (#"{"a":"\u12g4"}"#, "escape"), (#"{"a":"b}"#, "not closed"), ("{\"a\":\"b\tc\"}", "control"),
    (#"{"a":1}}"#, ""), (#"{"a":1]"#, "comma"), (#"{"a":"b"c}"#, "comma"), (#"{"a":"b""c"}"#, "comma"),
    (#"{"a":1"b"}"#, "number"), (#"{"a":\"b"}"#, ""), ("{\"a\":\u{1}}", "value"), (#"{"a":1,,"b":2}"#, "key"),
    (#"{"type":"bogus","a":}"#, "value"), (#"{"a":"\"#, "not closed"), (#"{"a":truefalse}"#, "true"),
  ]

  @Test(arguments: breaches)
  func `a breach of grammar refuses a JSON body whole`(_ breach: (String, String)) throws {
    for body in [breach.0, "[\(Sample.event("a")),\(breach.0)]", "[\(breach.0),\(Sample.event("a"))]"] {
      let batch = try Sample.decode(body)
      #expect(batch.accepted == 0)
      #expect(batch.readBack.isEmpty)
      #expect(batch.refusals.map(\.code) == [.invalidJSON])
      #expect(batch.refusals.first?.message.contains("line 1, column") == true)
    }
    let alone = try Sample.decode(breach.0)
    #expect(alone.refusals.first?.message.contains(breach.1) == true)
  }

  @Test(arguments: breaches)
  func `a breach of grammar refuses its line alone`(_ breach: (String, String)) throws {
    for position in 0...2 {
      var lines = [Sample.event("a"), Sample.event("b")]
      lines.insert(breach.0, at: position)
      let batch = try Sample.decode(lines.joined(separator: "\n"), as: Sample.lines)
      #expect(batch.readBack.map { $0.text(.eventID) } == ["a", "b"])
      #expect(batch.refusals.map(\.code) == [.invalidJSON])
      #expect(batch.refusals.map(\.index) == [position])
      #expect(batch.refusals.first?.message.contains(breach.1) == true)
    }
  }

  @Test(arguments: ["5", "\"x\"", "null", "[]", "true", "[1,{\"a\":[]}]"], [Sample.json, Sample.lines])
  func `what is JSON but no object is refused at its place`(_ value: String, _ type: String) throws {
    for position in 0...2 {
      var events = [Sample.event("a"), Sample.event("b")]
      events.insert(value, at: position)
      let body = type == Sample.json ? "[\(events.joined(separator: ","))]" : events.joined(separator: "\n")
      let batch = try Sample.decode(body, as: type)
      #expect(batch.refusedAs == ["\(position) invalid_json "])
      #expect(batch.accepted == 2)
    }
  }

  @Test func `an event may not go over two lines, nor two stand on one`() throws {
    let event = Sample.event("a")
    let split = event.replacing(",", with: ",\n")
    #expect(try Sample.decode(split, as: Sample.lines).accepted == 0)
    let batch = try Sample.decode("\(event) \(event)\n\(Sample.event("b"))", as: Sample.lines)
    #expect(batch.refusedAs == ["0 invalid_json "])
    #expect(batch.accepted == 1)
  }

  /// Bytes that are no text, within an otherwise good event.
  static let brokenBytes: [[UInt8]] = [
    [0xff], [0xc0, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc3],
    [0xe2, 0x82],
    [0xf0, 0x9f, 0x98], [0x80], [0],
  ]

  @Test(arguments: brokenBytes, [Sample.json, Sample.lines])
  func `bytes that are no text refuse their event alone`(_ broken: [UInt8], _ type: String) throws {
    let faulty =
      Array(#"{"type":"handoff.step","handoff_id":"h","attributes":{"k":["x"#.utf8) + broken
      + Array(#"y"]}}"#.utf8)
    for position in 0...2 {
      var events = [Array(Sample.event("a").utf8), Array(Sample.event("b").utf8)]
      events.insert(faulty, at: position)
      let isLines = type == Sample.lines
      let joined = Array(events.joined(separator: [isLines ? 10 : 44]))
      let batch = try Sample.decode(isLines ? joined : [91] + joined + [93], as: type)
      #expect(batch.refusedAs == ["\(position) invalid_text /attributes/k/0"])
      #expect(batch.accepted == 2)
    }
  }

  @Test func `a byte order mark is refused clearly, in lines alone with its line`() throws {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    let event = Array(Sample.event("a").utf8)
    let whole = try Sample.decode(mark + event)
    #expect(whole.refusedAs == ["0 invalid_text "])
    #expect(whole.refusals.first?.message.contains("byte order mark") == true)
    let lines = try Sample.decode(mark + event + [10] + event, as: Sample.lines)
    #expect(lines.refusedAs == ["0 invalid_text "])
    #expect(lines.accepted == 1)
  }

  @Test(arguments: [true, false], [Sample.json, Sample.lines])
  func `UTF-16 is refused clearly`(_ isBigEndian: Bool, _ type: String) throws {
    for hasMark in [true, false] { try refuseUTF16(isBigEndian: isBigEndian, hasMark: hasMark, type) }
  }

  private func refuseUTF16(isBigEndian: Bool, hasMark: Bool, _ type: String) throws {
    let units =
      (hasMark ? [UInt16(0xfeff)] : []) + Array(Sample.event("a", #""attributes":{"token":"hunter2"}"#).utf16)
    let body = units.flatMap { unit in
      let bytes = [UInt8(unit >> 8), UInt8(unit & 255)]
      return isBigEndian ? bytes : bytes.reversed()
    }
    let batch = try Sample.decode(body, as: type)
    #expect(batch.refusedAs == ["0 invalid_text "])
    #expect(batch.refusals.first?.message.contains("UTF-8") == true)
    let kept = batch.payload.rejections.map { String(decoding: $0.body, as: UTF8.self) }
    #expect(kept.first?.contains("[REDACTED]") == true)
    #expect(kept.first?.contains("hunter2") == false)
  }

  @Test(arguments: [
    nil, "", "text/plain", "application/x-www-form-urlencoded", "application/json2",
    "application/json; charset=utf-16",
  ])
  func `other media types are not read`(_ type: String?) throws {
    var decoder = Decoder()
    #expect(throws: BodyRefusal.unsupportedType) {
      _ = try decoder.decode([], contentType: type, receivedAt: Sample.now)
    }
  }

  @Test(arguments: [
    "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\"", "application/json ; x=y",
  ])
  func `parameters and case of a media type make no difference`(_ type: String) throws {
    #expect(try Sample.decode(Sample.event(), as: type).accepted == 1)
  }

  @Test func `more events than allowed are refused whole`() throws {
    var settings = DecodingSettings()
    settings.mostEvents = 3
    let three = [Sample.event("a"), "7", Sample.event("b")]
    #expect(try Sample.decode("[\(three.joined(separator: ","))]", settings: settings).accepted == 2)
    #expect(
      try Sample.decode(three.joined(separator: "\n\n") + "\n\n", as: Sample.lines, settings: settings)
        .accepted == 2)
    let four = three + [Sample.event("c")]
    #expect(throws: BodyRefusal.tooManyEvents(limit: 3)) {
      try Sample.decode("[\(four.joined(separator: ","))]", settings: settings)
    }
    #expect(throws: BodyRefusal.tooManyEvents(limit: 3)) {
      try Sample.decode(four.joined(separator: "\n"), as: Sample.lines, settings: settings)
    }
  }

  @Test func `a body above the limit is refused before it is read`() throws {
    #expect(throws: BodyRefusal.tooLarge(limit: 8 << 20)) {
      try Sample.decode([UInt8](repeating: 32, count: 8 << 20 + 1))
    }
  }

  @Test(arguments: [Sample.json, Sample.lines])
  func `only as many refused bodies are kept as are asked for`(_ type: String) throws {
    var decoder = Decoder()
    let body = type == Sample.json ? "[1,2,3]" : "1\n2\n3"
    let batch = try decoder.decode(
      Array(body.utf8), contentType: type, receivedAt: Sample.now, keptRejections: 2)
    #expect(batch.refusals.count == 3)
    #expect(batch.payload.rejections.map { String(decoding: $0.body, as: UTF8.self) } == ["1", "2"])
  }
}
