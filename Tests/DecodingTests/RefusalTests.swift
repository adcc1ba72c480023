import Decoding
import Model
import Testing

/// A member that is wrong, and what must be said of it.
struct Fault: Sendable, CustomTestStringConvertible {
  var members: String
  var code: RefusalCode
  var pointer: String

  init(_ members: String, _ code: RefusalCode, _ pointer: String) {
    self.members = members
    self.code = code
    self.pointer = pointer
  }

  var testDescription: String { "\(code.rawValue) at \(pointer): \(members.prefix(60))" }
}

@Suite struct RefusalTests {
  private static let good = #""type":"handoff.completed","handoff_id":"ho_1""#

  static let faults: [Fault] = [
    // missing_field
    Fault(#""handoff_id":"h""#, .missingField, "/type"),
    Fault(#""type":null,"handoff_id":"h""#, .missingField, "/type"),
    Fault(#""type":"handoff.parked""#, .missingField, "/handoff_id"),
    Fault(#""type":"handoff.parked","handoff_id":null"#, .missingField, "/handoff_id"),
    Fault(#""type":"handoff.initiated","handoff_id":"h","to_agent":"b""#, .missingField, "/from_agent"),
    Fault(#""type":"handoff.initiated","handoff_id":"h","from_agent":"a""#, .missingField, "/to_agent"),
    Fault(
      #""type":"handoff.initiated","handoff_id":"h","from_agent":"a","receivers":[]"#, .missingField,
      "/to_agent"),
    Fault(#""type":"agent.health""#, .missingField, "/agent"),
    Fault(#""type":"circuit.opened""#, .missingField, "/agent"),
    Fault(#""type":"task.created""#, .missingField, "/task_id"),
    Fault(#""type":"conversation.turn""#, .missingField, "/conversation_id"),
    // unknown_type, unsupported_version
    Fault(#""type":"handoff.bogus","handoff_id":"h""#, .unknownType, "/type"),
    Fault(#""type":"","handoff_id":"h""#, .unknownType, "/type"),
    Fault(good + #","schema_version":"2.0""#, .unsupportedVersion, "/schema_version"),
    Fault(good + #","schema_version":"11""#, .unsupportedVersion, "/schema_version"),
    Fault(good + #","schema_version":"one""#, .unsupportedVersion, "/schema_version"),
    Fault(good + #","schema_version":2"#, .unsupportedVersion, "/schema_version"),
    // invalid_type
    Fault(good + #","attempt":"1""#, .invalidType, "/attempt"),
    Fault(good + #","attempt":1.5"#, .invalidType, "/attempt"),
    Fault(good + #","hop":true"#, .invalidType, "/hop"),
    Fault(good + #","task_id":7"#, .invalidType, "/task_id"),
    Fault(good + #","envelope":"x""#, .invalidType, "/envelope"),
    Fault(good + #","envelope":{"tokens":{"used":[1]}}"#, .invalidType, "/envelope/tokens/used"),
    Fault(good + #","envelope":{"sections":["a",1]}"#, .invalidType, "/envelope/sections/1"),
    Fault(good + #","attributes":[]"#, .invalidType, "/attributes"),
    Fault(good + #","error":"timeout""#, .invalidType, "/error"),
    Fault(good + #","validation":{"valid":"yes"}"#, .invalidType, "/validation/valid"),
    Fault(good + #","rollback":{"steps":{}}"#, .invalidType, "/rollback/steps"),
    Fault(good + #","schema_version":true"#, .invalidType, "/schema_version"),
    Fault(good + #","occurred_at":true"#, .invalidType, "/occurred_at"),
    Fault(good + #","receivers":"b""#, .invalidType, "/receivers"),
    Fault(#""type":7,"handoff_id":"h""#, .invalidType, "/type"),
    // out_of_range
    Fault(#""type":"handoff.completed","handoff_id":"""#, .outOfRange, "/handoff_id"),
    Fault(good + #","task_id":"""#, .outOfRange, "/task_id"),
    Fault(good + #","attempt":-1"#, .outOfRange, "/attempt"),
    Fault(good + #","attempt":99999999999"#, .outOfRange, "/attempt"),
    Fault(good + #","attempt":1e400"#, .outOfRange, "/attempt"),
    Fault(good + #","envelope":{"bytes":-5}"#, .outOfRange, "/envelope/bytes"),
    Fault(good + #","envelope":{"confidence":-0.1}"#, .outOfRange, "/envelope/confidence"),
    Fault(
      good + #","envelope":{"memory_refs":{"requested":2,"resolved":3}}"#, .outOfRange,
      "/envelope/memory_refs/resolved"),
    Fault(good + #","attributes":{"a":[0,1e400]}"#, .outOfRange, "/attributes/a/1"),
    Fault(good + #","attributes":{"a":-1e309}"#, .outOfRange, "/attributes/a"),
    Fault(good + #","attributes":{"a":18446744073709551616}"#, .outOfRange, "/attributes/a"),
    Fault(good + #","attributes":{"a":-9223372036854775809}"#, .outOfRange, "/attributes/a"),
    // too_long, too_large
    Fault(good + #","task_id":""# + String(repeating: "x", count: 257) + #"""#, .tooLong, "/task_id"),
    Fault(good + #","kind":""# + String(repeating: "x", count: 257) + #"""#, .tooLong, "/kind"),
    Fault(
      good + #","error":{"message":""# + String(repeating: "x", count: 4097) + #""}"#, .tooLong,
      "/error/message"),
    Fault(
      good + #","error":{"hint":""# + String(repeating: "x", count: 4097) + #""}"#, .tooLong, "/error/hint"),
    Fault(
      good + #","attributes":{"a":""# + String(repeating: "x", count: 16_384) + #""}"#, .tooLarge,
      "/attributes"),
    Fault(good + #","stranger":""# + String(repeating: "x", count: 16_384) + #"""#, .tooLarge, "/attributes"),
    Fault(good + #","step":{"x":""# + String(repeating: "x", count: 65_536) + #""}"#, .tooLarge, ""),
    // times
    Fault(good + #","occurred_at":"yesterday""#, .invalidTime, "/occurred_at"),
    Fault(good + #","occurred_at":"2026-02-30T00:00:00Z""#, .invalidTime, "/occurred_at"),
    Fault(good + #","occurred_at":1e20"#, .invalidTime, "/occurred_at"),
    Fault(good + #","envelope":{"deadline":"soon"}"#, .invalidTime, "/envelope/deadline"),
    Fault(good + #","reset_at":"never""#, .invalidTime, "/reset_at"),
    Fault(good + #","occurred_at":"2026-08-22T00:00:00Z""#, .tooOld, "/occurred_at"),
    Fault(good + #","occurred_at":-1"#, .tooOld, "/occurred_at"),
    Fault(good + #","occurred_at":"2026-11-21T03:11:01Z""#, .inFuture, "/occurred_at"),
    // invalid_text
    Fault(good + #","task_id":"a\u0000b""#, .invalidText, "/task_id"),
    Fault(good + #","attributes":{"a":"\u0000"}"#, .invalidText, "/attributes/a"),
    Fault(good + #","attributes":{"\u0000":1}"#, .invalidText, "/attributes/\u{fffd}"),
    Fault(good + #","attributes":{"a":"\ud800"}"#, .invalidText, "/attributes/a"),
    Fault(good + #","attributes":{"a":"\udc00\ud800"}"#, .invalidText, "/attributes/a"),
    Fault(good + #","task_id":"a\nb""#, .invalidText, "/task_id"),
    Fault(good + ",\"from_agent\":\"a\u{7f}b\"", .invalidText, "/from_agent"),
    Fault(good + ",\"from_agent\":\"a long enough name \u{85}\"", .invalidText, "/from_agent"),
    Fault(
      #""type":"handoff.completed","handoff_id":"sk-proj-abcdef1234567890abcdef""#, .invalidText,
      "/handoff_id"),
    // too_deep, duplicate_key
    Fault(
      good + #","attributes":{"a":"# + String(repeating: "[", count: 31) + String(repeating: "]", count: 31)
        + "}",
      .tooDeep, "/attributes/a" + String(repeating: "/0", count: 30)),
    Fault(good + #","attempt":1,"attempt":1"#, .duplicateKey, "/attempt"),
    Fault(good + #","attempt":1,"att\u0065mpt":1"#, .duplicateKey, "/attempt"),
    Fault(good + #","attributes":{"a":{"b":1,"c":2,"b":3}}"#, .duplicateKey, "/attributes/a/b"),
    Fault(good + #","attributes":{"a":1,"\u0061":2}"#, .duplicateKey, "/attributes/a"),
    Fault(good + #","attributes":{"a/b~c":{"k":1,"k":1}}"#, .duplicateKey, "/attributes/a~1b~0c/k"),
    // invalid_json, in lines and wherever JSON is sent
  ]

  @Test(arguments: faults, [Sample.json, Sample.lines])
  func `an event with a fault is refused with the code and the pointer of the fault`(
    _ fault: Fault, _ type: String
  ) throws {
    let batch = try Sample.decode("{\(fault.members)}", as: type)
    #expect(batch.refusedAs == ["0 \(fault.code.rawValue) \(fault.pointer)"])
    #expect(batch.accepted == 0)
    #expect(batch.refusals.first?.message.isEmpty == false)
  }

  @Test(arguments: faults, [Sample.json, Sample.lines])
  func `the neighbours of a faulty event are taken`(_ fault: Fault, _ type: String) throws {
    for position in 0..<3 {
      var events = [Sample.event("a"), Sample.event("b")]
      events.insert("{\(fault.members)}", at: position)
      let body = type == Sample.json ? "[\(events.joined(separator: ","))]" : events.joined(separator: "\n")
      let batch = try Sample.decode(body, as: type)
      #expect(batch.accepted == 2)
      #expect(batch.refusedAs == ["\(position) \(fault.code.rawValue) \(fault.pointer)"])
      #expect(batch.readBack.map { $0.text(.eventID) } == ["a", "b"])
    }
  }
}
