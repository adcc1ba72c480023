import Decoding
import Model
import Testing

@Suite struct StrangersTests {
  private func stored(_ event: String, settings: DecodingSettings = DecodingSettings()) throws -> String {
    let batch = try Sample.decode(event, settings: settings)
    #expect(batch.refusals.isEmpty)
    return try #require(batch.readBack.first).text
  }

  @Test(arguments: [
    (
      #"{"x":1,"type":"handoff.step","handoff_id":"h"}"#,
      #"{"type":"handoff.step","handoff_id":"h","attributes":{"x":1}}"#
    ),
    (
      #"{"type":"handoff.step","x":1,"handoff_id":"h","y":[2]}"#,
      #"{"type":"handoff.step","handoff_id":"h","attributes":{"x":1,"y":[2]}}"#
    ),
    (
      #"{"type":"handoff.step","handoff_id":"h","attributes":{"a":0},"x":1}"#,
      #"{"type":"handoff.step","handoff_id":"h","attributes":{"x":1,"a":0}}"#
    ),
    (
      #"{"attributes":{},"x":1,"type":"handoff.step","handoff_id":"h"}"#,
      #"{"attributes":{"x":1},"type":"handoff.step","handoff_id":"h"}"#
    ),
    (
      #"{"attributes":null,"x":1,"type":"handoff.step","handoff_id":"h"}"#,
      #"{"attributes":{"x":1},"type":"handoff.step","handoff_id":"h"}"#
    ),
    (
      #"{"x":1,"y":2,"z":3,"type":"handoff.step","handoff_id":"h"}"#,
      #"{"type":"handoff.step","handoff_id":"h","attributes":{"x":1,"y":2,"z":3}}"#
    ),
    (
      #"{"_p":0,"x":{"password":"q"},"type":"handoff.step","handoff_id":"h"}"#,
      #"{"type":"handoff.step","handoff_id":"h","attributes":{"x":{"password":"[REDACTED]"}}}"#
    ),
  ])
  func `members that an event is not known to have are kept under attributes`(_ sent: String, _ kept: String)
    throws
  {
    #expect(try stored(sent) == kept)
  }

  @Test func `a stranger whose name attributes has already stays where it was sent`() throws {
    let event = #"{"type":"handoff.step","handoff_id":"h","x":1,"attributes":{"x":2}}"#
    #expect(try stored(event) == event)
  }

  @Test func `strangers within known objects stay where they are`() throws {
    let event = #"{"type":"handoff.step","handoff_id":"h","envelope":{"x":1},"error":{"y":2}}"#
    #expect(try stored(event) == event)
  }

  @Test func `what is said in a turn is dropped, its length and hash kept`() throws {
    let said =
      #"{"type":"conversation.turn","conversation_id":"c","agent":"a","role":"user","text":"my secret plan"}"#
    let text = try stored(said)
    #expect(!text.contains("secret"))
    #expect(text.contains(#""text":null,"length":14,"hash":"xxh3:"#))
    var keeping = DecodingSettings()
    keeping.keepsTurnText = true
    #expect(try stored(said, settings: keeping) == said)
  }

  @Test func `a turn's own length and hash are kept`() throws {
    let said =
      #"{"content":[{"x":1}],"length":3,"hash":"h","type":"conversation.turn","conversation_id":"c"}"#
    #expect(
      try stored(said)
        == #"{"content":null,"length":3,"hash":"h","type":"conversation.turn","conversation_id":"c"}"#)
  }

  @Test func `the members of a turn are strangers to other events, and may be anything there`() throws {
    let event = #"{"text":"t","type":"handoff.step","length":"long","handoff_id":"h","hash":[1],"role":7}"#
    #expect(
      try stored(event)
        == #"{"type":"handoff.step","handoff_id":"h","attributes":{"text":"t","length":"long","hash":[1],"role":7}}"#
    )
    for member in [#""length":"long""#, #""role":7"#, #""hash":[]"#] {
      let turn = #"{\#(member),"type":"conversation.turn","conversation_id":"c"}"#
      #expect(try Sample.decode(turn).refusals.map(\.code) == [.invalidType])
    }
    let turn =
      #"{"text":"t","other":1,"type":"conversation.turn","length":1,"hash":"h","conversation_id":"c"}"#
    #expect(
      try stored(turn)
        == #"{"text":null,"type":"conversation.turn","length":1,"hash":"h","conversation_id":"c","attributes":{"other":1}}"#
    )
  }

  @Test func `a broadcast begins a handoff for each receiver`() throws {
    let event =
      #"{"type":"handoff.initiated","event_id":"e","handoff_id":"ho_1","from_agent":"a","receivers":["b","c\u002fd","b"],"attempt":1}"#
    let batch = try Sample.decode(event)
    #expect(batch.accepted == 1)
    let frames = batch.readBack
    #expect(frames.map { $0.text(.handoffID) } == ["ho_1/b", "ho_1/c/d"])
    #expect(frames.map { $0.text(.toAgent) } == ["b", "c/d"])
    #expect(frames.map { $0.text(.groupID) } == ["ho_1", "ho_1"])
    #expect(frames.map { $0.text(.receiverCount) } == ["2", "2"])
    #expect(frames.map { $0.text(.eventID) } == ["e", "e"])
    #expect(frames.map(\.text) == [event, event])
    #expect(Set(batch.frames.map { "\($0.identity.key)" }).count == 2)
    #expect(batch.frames.map(\.index) == [0, 0])
  }

  @Test func `receivers mean nothing on other events`() throws {
    let batch = try Sample.decode(Sample.event("e", #""receivers":["b","c"]"#))
    #expect(batch.readBack.map { $0.text(.handoffID) } == ["ho_1"])
  }

  @Test func `a broadcast keeps its own group, and names no receiver by a secret`() throws {
    let batch = try Sample.decode(
      #"{"type":"handoff.initiated","handoff_id":"ho_1","from_agent":"a","to_agent":"all","receivers":["b"],"group_id":"g","receiver_count":9}"#
    )
    let frame = try #require(batch.readBack.first)
    #expect(frame.text(.groupID) == "g")
    #expect(frame.text(.receiverCount) == "9")
    #expect(frame.text(.toAgent) == "b")
  }

  @Test func `a receiver that makes too long an id, or too many receivers, are refused`() throws {
    let long = String(repeating: "x", count: 250)
    let head = #"{"type":"handoff.initiated","from_agent":"a","handoff_id":"ho_123456","receivers":["#
    #expect(try Sample.decode(head + "\"\(long)\"]}").refusedAs == ["0 too_long /receivers"])
    let many = (0...1000).map { "\"\($0)\"" }.joined(separator: ",")
    #expect(try Sample.decode(head + many + "]}").refusedAs == ["0 out_of_range /receivers"])
  }

  @Test func `broadcasts cannot blow up a small body`() throws {
    var settings = DecodingSettings()
    settings.largestUnpackedBody = 120_000
    let receivers = (0..<100).map { "\"\($0)\"" }.joined(separator: ",")
    let event = #"{"type":"handoff.initiated","from_agent":"a","handoff_id":"h","receivers":[\#(receivers)]}"#
    let batch = try Sample.decode("[\(event),\(event),\(event),\(Sample.event())]", settings: settings)
    #expect(batch.refusedAs == ["2 too_large /receivers"])
    #expect(batch.accepted == 3)
  }
}
