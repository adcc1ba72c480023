import Bytes
import Hashing
import Model
import Platform
import Postgres
import Spool
import Store
import TestSupport
import Testing

@Suite struct PoisonTests {
  /// An event with a value that PostgreSQL refuses, which no decoder would let through.
  private func poison(_ id: String, _ fact: FactID, _ value: [UInt8], body: [UInt8] = Array("{}".utf8))
    -> [UInt8]
  {
    var writer = FrameWriter()
    var batch = BatchBuilder()
    writer.note(.handoffID, .text, value: Array("ho_\(id)".utf8))
    writer.note(.eventID, .text, value: Array(id.utf8))
    writer.note(fact, .text, value: value)
    writer.write(
      type: .initiated, flags: [], source: .events, occurredAt: Timestamp(microseconds: Occurrence.base),
      contentHash: Hash128(low: 1, high: 1), body: body[...], into: &batch.frames)
    batch.countEvent()
    return batch.payload(receivedAt: Timestamp(microseconds: Occurrence.base), from: "test")
  }

  @Test(arguments: Route.allCases)
  func `values the server refuses are set aside, their neighbours are stored`(_ route: Route) throws {
    let rig = try Rig(route)
    let source = ArraySource()
    var good: [Occurrence] = []
    for number in 0..<200 {
      let event = Occurrence(
        type: .initiated, id: "g\(number)", handoff: "ho_\(number % 50)", at: Occurrence.base + Int64(number))
      good.append(event)
      source.append([event])
      switch number {
      case 20: source.append(poison("nul", .taskID, [0x61, 0, 0x62]))
      case 77: source.append(poison("utf8", .kind, [0xC3, 0x28]))
      case 120: source.append(poison("json", .taskID, [0x61], body: Array("{\"a\":".utf8)))
      case 121: source.append(poison("agent", .fromAgent, [0xFF]))
      case 199: source.append(poison("long", .taskID, (0..<20_000).map { _ in UInt8.random(in: 33...126) }))
      default: break
      }
    }
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    #expect(try rig.records() == good.records)
    #expect(try rig.count("handoff_events") == 200)
    let reasons = try rig.database.psql("SELECT sqlstate FROM handoffd.quarantine ORDER BY sequence")
    #expect(reasons == "22021\n22021\n22P02\n22021\n54000")
    #expect(store.status.quarantined == 5)
    #expect(store.status.events == 200)
  }

  @Test func `a quarantined event can be read back from its bytes`() throws {
    let rig = try Rig()
    let source = ArraySource()
    source.append(poison("nul", .taskID, [0x61, 0, 0x62]))
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    let bytes: [UInt8] = try rig.connection().execute(
      "SELECT bytes FROM handoffd.quarantine", until: rig.soon
    ).single()
    let frame = try #require(EventFrame(bytes, at: 0))
    #expect(frame.value(of: .taskID).map { Array($0) } == [0x61, 0, 0x62])
  }

  @Test func `an event that the log holds already, against all rules, is not doubled`() throws {
    let rig = try Rig()
    let source = ArraySource()
    let event = Occurrence(type: .initiated, id: "a")
    source.append([event])
    let first = try rig.store(source)
    try first.drained(source)
    first.stop()
    // As after a record was lost by hand.
    try rig.database.psql("DELETE FROM handoffd.handoffs")
    source.append([event, Occurrence(type: .completed, id: "b", at: Occurrence.base + 9)])
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    #expect(try rig.database.psql("SELECT event_id FROM handoffd.handoff_events ORDER BY 1") == "a\nb")
    #expect(try rig.count("handoffs") == 1)
  }

  @Test func `a record of a later form is left alone, and its events are set aside`() throws {
    let rig = try Rig()
    let source = ArraySource()
    source.append([
      Occurrence(type: .initiated, id: "a"), Occurrence(type: .initiated, id: "b", handoff: "ho_2"),
    ])
    let first = try rig.store(source)
    try first.drained(source)
    first.stop()
    try rig.database.psql("UPDATE handoffd.handoffs SET merge = '\\x63' WHERE handoff_id = 'ho_1'")
    source.append([
      Occurrence(type: .completed, id: "c", at: Occurrence.base + 9),
      Occurrence(type: .completed, id: "d", handoff: "ho_2", at: Occurrence.base + 9),
    ])
    let store = try rig.store(source)
    defer { store.stop() }
    try store.drained(source)
    #expect(try rig.database.psql("SELECT merge FROM handoffd.handoffs WHERE handoff_id = 'ho_1'") == "\\x63")
    #expect(try rig.count("quarantine") == 1)
    #expect(try rig.count("handoff_events") == 3)
  }
}
