import Model
import Testing

@Suite struct PhaseClockTests {
  private typealias Event = PhaseClock.Event

  /// What a clock measures of some events, in seconds.
  private func measured(_ events: Event...) -> [String] {
    var clock = PhaseClock()
    return events.compactMap { event in
      clock.note(event).map { "\($0.phase.name) \($0.time / 1_000_000)" }
    }
  }

  private func event(
    _ type: EventType, _ second: Int64, step: String? = nil, told: Int64? = nil, begins: Bool = false
  ) -> Event {
    var event = Event(
      type, at: second * 1_000_000, step: step.flatMap { HandoffPhase(step: $0.utf8) },
      told: told.map { $0 * 1_000_000 })
    event.isBeginning = begins
    return event
  }

  @Test func `a handoff is prepared, taken, unpacked and worked on`() {
    #expect(
      measured(
        event(.prepared, 0), event(.initiated, 3), event(.acknowledged, 5), event(.resumed, 6),
        event(.completed, 65)) == ["preparation 3", "resumption 1", "work 60"])
  }

  @Test func `what a receiver prepares after the sending, it holds back`() {
    #expect(
      measured(event(.initiated, 0), event(.prepared, 2), event(.received, 9)) == ["buffering 7"])
  }

  @Test func `a preparation that is heard of last is measured all the same`() {
    #expect(measured(event(.initiated, 3), event(.prepared, 1)) == ["preparation 2"])
  }

  @Test func `steps last since the one before, since they began, or as long as they say`() {
    #expect(
      measured(
        event(.initiated, 0), event(.step, 1, step: "state_transfer"), event(.step, 4, step: "hand_off"),
        event(.step, 10, step: "mediation", begins: true), event(.step, 12, step: "mediation"),
        event(.step, 13, step: "odd", told: 7)) == [
          "state_transfer 1", "hand_off 3", "review 2", "other_step 7",
        ])
  }

  @Test(arguments: ["pending", "needs_review", "requested"])
  func `a step that only begins is timed from there, and a snapshot is no step`(status: String) {
    #expect(PhaseClock.Event.begins(status.utf8))
    #expect(!PhaseClock.Event.begins("completed".utf8) && !PhaseClock.Event.begins(nil as [UInt8]?))
    #expect(
      HandoffPhase(step: "supervision".utf8) == .review && HandoffPhase(step: "state_snapshot".utf8) == nil)
  }

  @Test func `nothing is measured twice, backwards, or without both of its ends`() {
    #expect(
      measured(
        event(.step, 3, step: "hand_off"), event(.completed, 1), event(.acknowledged, 5),
        event(.completed, 4), event(.completed, 8), event(.acknowledged, 9), event(.failed, 12),
        event(.step, 2, step: "hand_off")) == ["work 3"])
  }

  @Test func `waits, checks and rollbacks are measured where they are told`() {
    #expect(
      measured(
        event(.initiated, 0), event(.attemptFailed, 1, told: 2), event(.attemptFailed, 4),
        event(.validated, 5, told: 1), event(.validated, 6), event(.failed, 10), event(.rolledBack, 14)) == [
          "retry_wait 2", "validation 1", "rollback 4",
        ])
  }
}

@Suite struct ConstraintsTests {
  private typealias Told = Constraints<String, Set<String>>

  @Test(
    arguments: [
      // Each is told: only what is gone counts, whatever else is new.
      (["a", "b"], "1", true, ["a"], "2", true, ConstraintsLost.constraint as ConstraintsLost?),
      (["a"], "1", true, ["a", "b"], "2", true, nil),
      (["a"], nil, nil, [], nil, nil, .constraint),
      // Less is told: a hash that is another may be either.
      (["a"], "1", true, nil, "1", true, nil), (nil, "1", nil, nil, "2", nil, .hash),
      (nil, "1", nil, nil, nil, true, .hash), (nil, nil, true, nil, nil, false, .section),
      // Nothing is told, or nothing bound.
      (["a"], "1", true, nil, nil, nil, nil), (nil, nil, false, nil, nil, false, nil),
    ] as [([String]?, String?, Bool?, [String]?, String?, Bool?, ConstraintsLost?)])
  func `what is gone is told from what is new, as far as that can be`(
    _ each: [String]?, _ whole: String?, _ section: Bool?, _ nextEach: [String]?, _ nextWhole: String?,
    _ nextSection: Bool?, _ lost: ConstraintsLost?
  ) {
    let before = Told(hasSection: section, whole: whole, each: each.map(Set.init))
    let next = Told(hasSection: nextSection, whole: nextWhole, each: nextEach.map(Set.init))
    #expect(before.lost(in: next) == lost)
  }
}
