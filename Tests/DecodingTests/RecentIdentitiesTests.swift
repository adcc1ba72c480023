import Model
import Testing

@testable import Decoding

@Suite struct RecentIdentitiesTests {
  private static let second = 1

  /// What a body comes to after what `recent` remembers.
  private func send(
    _ body: String, to recent: inout RecentIdentities, at seconds: Int = 1, confirms: Bool = true
  ) throws -> DecodedBatch {
    var batch = try Sample.decode(body)
    let admission = recent.admit(&batch, at: seconds)
    if confirms { recent.confirm(admission) }
    return batch
  }

  @Test func `a resend with the same id and content is a duplicate, however it is written`() throws {
    var recent = RecentIdentities(capacity: 64)
    let first = try send(#"{"type":"handoff.failed","handoff_id":"h","event_id":"e","hop":10}"#, to: &recent)
    #expect(first.accepted == 1)
    let again = try send(
      #" { "hop" : 1e1 , "event_id":"\u0065","handoff_id" : "h","type":"handoff.failed" } "#, to: &recent)
    #expect(again.accepted == 0)
    #expect(again.duplicates == 1)
    #expect(again.readBack.isEmpty)
  }

  @Test func `the same id with other content is a conflict, and the first stays`() throws {
    var recent = RecentIdentities(capacity: 64)
    _ = try send(#"{"type":"handoff.failed","handoff_id":"h","event_id":"e","hop":1}"#, to: &recent)
    let other = try send(
      "[\(Sample.event("x")),\(#"{"type":"handoff.failed","handoff_id":"h","event_id":"e","hop":2}"#)]",
      to: &recent)
    #expect(other.refusedAs == ["1 conflict /event_id"])
    #expect(other.accepted == 1)
    #expect(other.payload.rejections.count == 1)
    let first = try send(
      #"{"type":"handoff.failed","handoff_id":"h","event_id":"e","hop":1}"#, to: &recent)
    #expect(first.duplicates == 1)
  }

  @Test func `the same id is another event in another handoff`() throws {
    var recent = RecentIdentities(capacity: 64)
    _ = try send(#"{"type":"handoff.failed","handoff_id":"h","event_id":"e"}"#, to: &recent)
    let other = try send(#"{"type":"handoff.failed","handoff_id":"i","event_id":"e"}"#, to: &recent)
    #expect(other.accepted == 1)
  }

  @Test func `within one body the second of two equal events is a duplicate`() throws {
    var recent = RecentIdentities(capacity: 64)
    let batch = try send("[\(Sample.event("a")),\(Sample.event("a")),\(Sample.event("b"))]", to: &recent)
    #expect(batch.accepted == 2)
    #expect(batch.duplicates == 1)
    #expect(batch.readBack.map { $0.text(.eventID) } == ["a", "b"])
  }

  @Test func `without an id the same content with its time is one event`() throws {
    var recent = RecentIdentities(capacity: 64)
    let event = #"{"type":"handoff.step","handoff_id":"h","occurred_at":"2026-11-21T03:00:00Z"}"#
    #expect(try send(event, to: &recent).accepted == 1)
    #expect(try send(event, to: &recent, at: 100_000).duplicates == 1)
  }

  @Test func `with neither id nor time a change of state is one event for ten minutes`() throws {
    var recent = RecentIdentities(capacity: 64)
    let event = #"{"type":"handoff.failed","handoff_id":"h"}"#
    #expect(try send(event, to: &recent, at: 1000).accepted == 1)
    #expect(try send(event, to: &recent, at: 1600).duplicates == 1)
    #expect(try send(event, to: &recent, at: 1601).accepted == 1)
    #expect(try send(event, to: &recent, at: 1700).duplicates == 1)
  }

  @Test(arguments: [(#""type":"handoff.step""#, 1), (#""type":"handoff.attempt_failed","attempt":2"#, 0)])
  func `with neither id nor time only a state or an attempt makes a resend one event`(
    _ members: String, _ accepted: Int
  ) throws {
    var recent = RecentIdentities(capacity: 64)
    let event = "{\(members),\"handoff_id\":\"h\"}"
    #expect(try send(event, to: &recent).accepted == 1)
    #expect(try send(event, to: &recent, at: 2).accepted == accepted)
  }

  @Test func `a resend is no duplicate while the first is not yet on disk`() throws {
    var recent = RecentIdentities(capacity: 64)
    #expect(try send(Sample.event("a"), to: &recent, confirms: false).accepted == 1)
    #expect(try send(Sample.event("a"), to: &recent, confirms: false).accepted == 1)
  }

  @Test func `what failed has never been`() throws {
    var recent = RecentIdentities(capacity: 64)
    var batch = try Sample.decode(Sample.event("a"))
    recent.withdraw(recent.admit(&batch, at: Self.second))
    #expect(try send(Sample.event("a", #""hop":7"#), to: &recent).accepted == 1)
    #expect(try send(Sample.event("a", #""hop":7"#), to: &recent).duplicates == 1)
  }

  @Test func `the oldest leave first`() throws {
    var recent = RecentIdentities(capacity: 64)
    for number in 0..<1000 {
      #expect(try send(Sample.event("e\(number)"), to: &recent).accepted == 1)
    }
    #expect(try send(Sample.event("e936"), to: &recent).duplicates == 1)
    #expect(try send(Sample.event("e999"), to: &recent).duplicates == 1)
    #expect(try send(Sample.event("e935"), to: &recent).accepted == 1)
  }

  /// From the start, and where the numbers of its tickets come round.
  @Test(arguments: [0, UInt64(UInt32.max) - 10_000])
  func `a memory of any history answers as a plain set does`(_ tickets: UInt64) throws {
    var generator = SeededGenerator(seed: 7)
    var recent = RecentIdentities(capacity: 16, after: tickets)
    var order: [Int] = []
    for _ in 0..<20_000 {
      let number = Int.random(in: 0..<40, using: &generator)
      var batch = try Sample.decode(Sample.event("e\(number)"))
      let admission = recent.admit(&batch, at: Self.second)
      #expect(batch.duplicates == (order.suffix(16).contains(number) ? 1 : 0))
      if batch.accepted == 1 { order.append(number) }
      recent.confirm(admission)
    }
  }

  @Test func `what is remembered after a restart is known again, from when it was last accepted`() throws {
    var recent = RecentIdentities(capacity: 64)
    let event = #"{"type":"handoff.failed","handoff_id":"h"}"#
    let identities = try Sample.decode("[\(event),\(Sample.event("a"))]").frames.map(\.identity)
    for identity in identities { recent.remember(identity, at: -700) }
    recent.remember(identities[0], at: -20)
    #expect(try send(event, to: &recent, at: 500).duplicates == 1)
    #expect(try send(event, to: &recent, at: 590).accepted == 1)
    #expect(try send(Sample.event("a"), to: &recent, at: 100_000).duplicates == 1)
  }

  @Test func `a frame read back has the identity it was written with`() throws {
    let bodies = [
      Sample.event("a"), #"{"type":"handoff.failed","handoff_id":"h"}"#,
      #"{"type":"agent.health","agent":"b"}"#,
      #"{"type":"task.created","task_id":"t","occurred_at":1795230000}"#,
      #"{"type":"handoff.attempt_failed","handoff_id":"h","attempt":0}"#,
      #"{"type":"handoff.initiated","handoff_id":"h","from_agent":"a","receivers":["b","c"]}"#,
    ]
    let batch = try Sample.decode("[\(bodies.joined(separator: ","))]")
    #expect(batch.readBack.map { EventIdentity(of: $0) } == batch.frames.map { $0.identity })
  }
}
