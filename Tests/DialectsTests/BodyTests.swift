import Bytes
import Decoding
import Dialects
import Model
import TestSupport
import Testing

@Suite struct BodyTests {
  private static let all: [(String, Dialect)] = [
    (Messages.package, .orchestrator), (Messages.record, .orchestrator), (Messages.envelope, .memoryEnvelope),
    (Messages.context, .handoffContext), (Messages.coordination, .coordination),
    (Messages.message, .agentMessage),
  ]
  private static let native =
    #"{"type":"handoff.initiated","handoff_id":"n","event_id":"e","from_agent":"a","to_agent":"b","occurred_at":1795230000}"#

  @Test(arguments: all) func `a message is recognised by its fields, and may be named`(
    _ message: String, _ dialect: Dialect
  ) throws {
    #expect(Dialect.of(try #require(JSONValue(Array(message.utf8)))) == dialect)
    #expect(
      try Told(message, as: dialect).batch.payload.frames.bytes == Told(message).batch.payload.frames.bytes)
  }

  @Test(arguments: [
    Self.native, #"{"type":"handoff.initated","envelope_version":"2"}"#,
    #"{"schema_version":"1.0","handoffId":"h"}"#,
    #"{"handoff_id":"h","from_agent":"a","to_agent":"b"}"#, "{}", #"{"action":"completed"}"#, "[]", "1",
  ]) func `what is or means to be an event is no message`(_ text: String) throws {
    #expect(Dialect.of(try #require(JSONValue(Array(text.utf8)))) == nil)
  }

  @Test func `a body mixes messages and events, as an array and line by line`() throws {
    let parts =
      [Self.native] + Self.all.map { $0.0.replacing("\n", with: " ") } + [
        "{}", Self.native.replacing("\"e\"", with: "\"f\""),
      ]
    let array = try Told("[" + parts.joined(separator: ", ") + "]")
    let lines = try Told(parts.joined(separator: "\n"), type: "application/x-ndjson")
    #expect(array.refused == ["7 missing_field /type"])
    #expect(lines.refused == array.refused)
    #expect(array.batch.accepted == 8 && lines.batch.accepted == 8)
    #expect(lines.batch.frames == array.batch.frames)
    #expect(lines.batch.payload.frames.bytes == array.batch.payload.frames.bytes)
    #expect(Set(array.batch.frames.map(\.index)) == [0, 1, 2, 3, 4, 5, 6, 8])
    #expect(array.events.first == JSONValue(Array(Self.native.utf8)))
  }

  @Test(arguments: all) func `a message sent twice tells nothing twice, however it is written`(
    _ message: String, _ dialect: Dialect
  ) throws {
    var memory = RecentIdentities(capacity: 1 << 10)
    var first = try Told(message).batch
    let admission = memory.admit(&first, at: 1)
    #expect(first.duplicates == 0)
    memory.confirm(admission)
    let value = try #require(JSONValue(Array(message.utf8)))
    let rewritten = String(
      decoding: value.bytes(JSONStyle(sortsNames: true, isSpaced: true, isASCII: true)), as: UTF8.self)
    var second = try Told(rewritten).batch
    _ = memory.admit(&second, at: 100_000)
    #expect(second.duplicates == 1 && second.accepted == 0 && second.frames.isEmpty)
  }

  @Test func `a message of its own id and other content is a conflict`() throws {
    let message = Messages.context.replacing(#"{"handoff_id""#, with: #"{"message_id": "m-1", "handoff_id""#)
    var memory = RecentIdentities(capacity: 1 << 10)
    var first = try Told(message).batch
    memory.confirm(memory.admit(&first, at: 1))
    var second = try Told(message.replacing("0.8", with: "0.7")).batch
    _ = memory.admit(&second, at: 2)
    #expect(second.refusals.map(\.code) == [.conflict])
  }

  @Test func `whatever is sent in any dialect, nothing traps and each refusal has its place`() throws {
    var random = SeededRandom(for: "whatever is sent in any dialect")
    var accepted = 0
    for _ in 0..<3_000 {
      let (message, dialect) = Self.all.randomElement(using: &random) ?? (Messages.record, .orchestrator)
      let value = spoil(JSONValue(Array(message.utf8)) ?? .null, &random)
      let named: Dialect? = .random(using: &random) ? dialect : Dialect.allCases.randomElement(using: &random)
      let told = try Told(String(decoding: value.bytes(), as: UTF8.self), as: named)
      accepted += told.batch.accepted
      #expect(told.batch.accepted + told.batch.refusals.count == 1)
      for refusal in told.batch.refusals {
        #expect(refusal.pointer.isEmpty || refusal.pointer.hasPrefix("/"))
        #expect(!refusal.message.isEmpty && refusal.message.utf8.count < 400)
      }
    }
    #expect(accepted > 300)
  }

  /// The value with one of its parts gone or turned into something else.
  private func spoil(_ value: JSONValue, _ random: inout SeededRandom) -> JSONValue {
    let others: [JSONValue] = [
      .null, .text(""), .text("FAILED"), .number(-1), .number(7), .array([]), .object([:]), .boolean(false),
    ]
    switch value {
    case .object(var object):
      guard let member = object.members.randomElement(using: &random) else { return value }
      object[member.name] = Int.random(in: 0..<4, using: &random) == 0 ? nil : spoil(member.value, &random)
      return .object(object)
    case .array(var elements) where !elements.isEmpty && .random(using: &random):
      let place = elements.indices.randomElement(using: &random) ?? 0
      elements[place] = spoil(elements[place], &random)
      return .array(elements)
    default: return others.randomElement(using: &random) ?? .null
    }
  }
}
