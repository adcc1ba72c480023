import Decoding
import Hashing
import Model
import Testing

@Suite struct ContentHashTests {
  private func hash(_ event: String) throws -> Hash128 {
    let batch = try Sample.decode(event)
    #expect(batch.refusals.isEmpty)
    return try #require(batch.readBack.first).contentHash
  }

  private func event(_ attributes: String, id: String = "e") -> String {
    #"{"type":"handoff.step","handoff_id":"h","event_id":"\#(id)","attributes":\#(attributes)}"#
  }

  @Test(arguments: [
    (#"{"a":1,"b":2}"#, #" { "b" : 2 , "a" : 1 } "#),
    (#"{"a":[1,{"x":1,"y":2}]}"#, "{\n\"a\":[1,\t{\"y\":2,\r\n\"x\":1}]}"),
    (#"{"a":"ä/\n"}"#, #"{"\u0061":"\u00e4\/\u000a"}"#),
    (#"{"a":"😀"}"#, #"{"a":"\ud83d\ude00"}"#),
    (#"{"a":1}"#, #"{"a":1.0}"#), (#"{"a":1200}"#, #"{"a":1.2e3}"#), (#"{"a":0}"#, #"{"a":-0.000e5}"#),
    (#"{"a":0.001}"#, #"{"a":1E-3}"#), (#"{"a":-5}"#, #"{"a":-0.5e+1}"#),
    (#"{"a":1234567890.12345678901234567890}"#, #"{"a":12345678901234567890.1234567890e-10}"#),
    (#"{"a":10000000000000000000}"#, #"{"a":1e19}"#),
    (#"{"a":1.5}"#, #"{"a":1.50000000000000000000000000000}"#),
  ])
  func `spacing, order, escapes and spelling of numbers make no difference`(_ left: String, _ right: String)
    throws
  {
    #expect(try hash(event(left)) == hash(event(right)))
  }

  @Test(arguments: [
    (#"{"a":1,"b":2}"#, #"{"a":2,"b":1}"#), (#"{"a":[1,2]}"#, #"{"a":[2,1]}"#), (#"{"a":[]}"#, #"{"a":{}}"#),
    (#"{"a":"1"}"#, #"{"a":1}"#), (#"{"a":null}"#, "{}"), (#"{"a":true}"#, #"{"a":false}"#),
    (#"{"a":1}"#, #"{"a":-1}"#), (#"{"a":1}"#, #"{"a":10}"#), (#"{"a":1e3}"#, #"{"a":1e-3}"#),
    (#"{"a":9007199254740993}"#, #"{"a":9007199254740992}"#), (#"{"a":""}"#, #"{"a":null}"#),
    (#"{"a":[[1],2]}"#, #"{"a":[1,[2]]}"#), (#"{"a":{"b":1}}"#, #"{"a":{"b":{"b":1}}}"#),
    (#"{"a":"b"}"#, #"{"b":"a"}"#), (#"{"a":[1,1]}"#, #"{"a":[1]}"#), (#"{"a":"A"}"#, #"{"a":"a"}"#),
    (#"{"a":0.12345678901234567890123}"#, #"{"a":0.12345678901234567890124}"#),
    (#"{"a":1.2345678901234567890123}"#, #"{"a":12.345678901234567890123}"#),
  ])
  func `everything else does`(_ left: String, _ right: String) throws {
    #expect(try hash(event(left)) != hash(event(right)))
  }

  @Test func `the event's id is not a part of its content`() throws {
    #expect(try hash(event("{}", id: "a")) == hash(event("{}", id: "b")))
  }

  @Test func `an event without id gets one that says from what it was made`() throws {
    let timed = #"{"type":"handoff.step","handoff_id":"h","occurred_at":1795230000}"#
    let first = try #require(try Sample.decode(timed).readBack.first)
    let again = try #require(try Sample.decode(" " + timed).readBack.first)
    #expect(first.text(.eventID)?.hasPrefix("content-") == true)
    #expect(first.text(.eventID) == again.text(.eventID))
    #expect(first.flags == [.identityDerived])
    let untimed = #"{"type":"handoff.step","handoff_id":"h"}"#
    let both = try Sample.decode("[\(untimed),\(untimed)]").readBack
    #expect(both.map { $0.text(.eventID)?.hasPrefix("receipt-") } == [true, true])
    #expect(Set(both.map { $0.text(.eventID) }).count == 2)
    #expect(both.first?.contentHash == both.last?.contentHash)
  }
}
