import Model
import Testing

@Suite struct HandoffLifeTests {
  @Test func `latency counts from the last sending before the first acknowledgement`() {
    let life = HandoffRecord([
      Story(type: .initiated, id: "1", at: 1_000_000),
      Story(type: .attemptFailed, id: "2", at: 2_000_000),
      Story(type: .replayed, id: "3", at: 5_000_000),
      Story(type: .received, id: "4", at: 6_500_000),
      Story(type: .acknowledged, id: "5", at: 7_000_000),
      Story(type: .completed, id: "6", at: 9_000_000),
    ]).life
    #expect(life.acknowledgementLatency == 1_500_000)
    #expect(life.duration == 8_000_000)
    #expect(life.state == .completed)
    #expect(life.attempts == 2)
  }

  @Test func `an acknowledgement before the sending counts as zero and as skew`() {
    let life = HandoffRecord([
      Story(type: .acknowledged, id: "1", at: 1), Story(type: .initiated, id: "2", at: 2),
    ]).life
    #expect(life.acknowledgementLatency == 0)
    #expect(life.isSkewed)
    #expect(life.state == .acknowledged)
  }

  @Test func `without acknowledgement there is no latency, and completion alone gives none`() {
    let life = HandoffRecord([
      Story(type: .initiated, id: "1", at: 1), Story(type: .completed, id: "2", at: 2),
    ]).life
    #expect(life.acknowledgementLatency == nil)
    #expect(life.duration == 1)
  }

  @Test(arguments: [EventType.replayed, .rerouted, .escalated])
  func `what reopens a handoff takes its end away`(type: EventType) {
    let life = HandoffRecord([
      Story(type: .initiated, id: "1", at: 1), Story(type: .parked, id: "2", at: 2),
      Story(type: type, id: "3", at: 3),
    ]).life
    #expect(life.endedAt == nil)
    #expect(life.state == type.state)
  }

  @Test(arguments: zip([EventType.acknowledged, .failed, .parked], [EventType.failed, .parked, .completed]))
  func `of two events of one instant the one of higher rank decides`(lower: EventType, higher: EventType) {
    let life = HandoffRecord([Story(type: higher, id: "a", at: 1), Story(type: lower, id: "b", at: 1)]).life
    #expect(life.state == higher.state)
  }

  @Test func `events that bear no state leave it unknown`() {
    #expect(HandoffRecord([Story(type: .attemptFailed, id: "1", at: 1)]).life.state == nil)
  }
}
