import Model
import Testing

@Suite struct HandoffConclusionTests {
  /// What happened at which minute, and what that comes to, when; no cause stands for silence.
  struct Case: Sendable {
    var story: [(EventType, Int64)]
    var minute: Int64
    var cause: EventType?

    init(_ story: [(EventType, Int64)], _ minute: Int64, _ cause: EventType?) {
      self.story = story
      self.minute = minute
      self.cause = cause
    }

    var record: HandoffRecord {
      HandoffRecord(story.enumerated().map { Story(type: $1.0, id: "e\($0)", at: $1.1 * 60_000_000) })
    }
  }

  private static let answered: [Case] = [
    Case([(.initiated, 0), (.acknowledged, 1), (.failed, 2)], 1, .acknowledged),
    Case([(.initiated, 0), (.failed, 1), (.acknowledged, 30)], 30, .acknowledged),
    Case([(.initiated, 0), (.completed, 3)], 3, .completed),
    Case([(.initiated, 0), (.failed, 1), (.parked, 2)], 1, .failed),
    Case([(.initiated, 0), (.rejected, 1)], 1, .rejected),
    Case([(.initiated, 0), (.rejected, 1), (.parked, 2)], 2, .parked),
    Case([(.cancelled, 5)], 5, .cancelled),
    Case([(.initiated, 0), (.rolledBack, 10)], 10, .rolledBack),
  ]

  private static let silent: [Case] = [
    Case([(.initiated, 0)], 10, nil),
    Case([(.initiated, 0), (.rejected, 11)], 10, nil),
    Case([(.initiated, 0), (.replayed, 7)], 17, nil),
    Case([(.initiated, 0), (.rejected, 1), (.replayed, 2)], 12, nil),
    Case([(.initiated, 0), (.attemptFailed, 9)], 10, nil),
  ]

  @Test(arguments: answered + silent)
  func `a handoff is concluded by an answer, or by ten minutes of silence`(_ one: Case) throws {
    let record = one.record
    let conclusion = try #require(record.conclusion(record.life))
    #expect(conclusion.at.microseconds == one.minute * 60_000_000)
    #expect(conclusion.cause == one.cause)
  }

  @Test func `what was only prepared is not concluded`() {
    let record = Case([(.prepared, 0), (.validated, 1)], 0, nil).record
    #expect(record.conclusion(record.life) == nil)
  }
}
