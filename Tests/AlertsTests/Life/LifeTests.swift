import Alerts
import Model
import TestSupport
import Testing

/// The machine of one alert.
struct LifeTests {
  private static let times = AlertLife.Times(patience: .seconds(30), keepsFiringFor: .seconds(60))

  @Test func `bad for long enough fires, good for long enough resolves`() {
    var life = AlertLife()
    #expect(life.step(.bad(1), at: at(0), Self.times) == [.pending])
    #expect(life.step(.bad(1), at: at(29.999), Self.times).isEmpty)
    #expect(life.step(.bad(1), at: at(30), Self.times) == [.firing])
    #expect(life.step(.good(0), at: at(40), Self.times).isEmpty)
    #expect(life.step(.good(0), at: at(99.999), Self.times).isEmpty)
    #expect(life.firingSince == at(30))
    #expect(life.step(.good(0), at: at(100), Self.times) == [.resolved])
    #expect(life.phase == .inactive)
  }

  @Test func `what is good again before its time never fires`() {
    var life = AlertLife()
    _ = life.step(.bad(1), at: at(0), Self.times)
    #expect(life.step(.good(0), at: at(29), Self.times) == [.inactive])
    #expect(life.step(.bad(1), at: at(30), Self.times) == [.pending])
  }

  @Test func `bad again while cooling is the same episode`() {
    var life = AlertLife(firingSince: at(0))
    #expect(life.step(.good(0), at: at(10), Self.times).isEmpty)
    #expect(life.step(.bad(1), at: at(50), Self.times).isEmpty)
    #expect(life.step(.good(0), at: at(60), Self.times).isEmpty)
    #expect(life.step(.good(0), at: at(119), Self.times).isEmpty)
    #expect(life.step(.good(0), at: at(120), Self.times) == [.resolved])
    #expect(life.firingSince == nil)
  }

  @Test func `without a verdict no time counts and nothing changes`() {
    var life = AlertLife()
    _ = life.step(.bad(1), at: at(0), Self.times)
    #expect(life.step(.unchanged, at: at(29), Self.times).isEmpty)
    #expect(life.step(.bad(1), at: at(31), Self.times).isEmpty)
    #expect(life.step(.bad(1), at: at(59), Self.times) == [.firing])
    #expect(life.step(.unchanged, at: at(500), Self.times).isEmpty)
    #expect(life.firingSince == at(59))
  }

  @Test func `an alert that comes and goes is held after its fourth time`() {
    var life = AlertLife()
    let times = AlertLife.Times()
    for round in 0..<3 {
      #expect(life.step(.bad(1), at: at(Double(round * 20)), times) == [.firing])
      #expect(life.step(.good(0), at: at(Double(round * 20 + 10)), times) == [.resolved])
    }
    #expect(life.step(.bad(1), at: at(60), times) == [.firing])
    #expect(life.isFlapping(at: at(60)))
    #expect(life.step(.good(0), at: at(70), times).isEmpty)
    #expect(life.step(.bad(1), at: at(80), times).isEmpty)
    #expect(life.step(.good(0), at: at(90), times).isEmpty)
    #expect(life.step(.good(0), at: at(389), times).isEmpty)
    #expect(life.step(.good(0), at: at(390), times) == [.resolved])
  }

  @Test(arguments: 1...20)
  func `whatever comes, changes alternate and times are kept`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var life = AlertLife()
    let times = AlertLife.Times(
      patience: .seconds(Int64.random(in: 0...20, using: &random)),
      keepsFiringFor: .seconds(Int64.random(in: 0...20, using: &random)))
    var now = 0.0
    var state = AlertLife.Change.inactive
    for _ in 0..<2000 {
      now += Double.random(in: 0...8, using: &random)
      let verdict = [Verdict.bad(1), .good(0), .unchanged].randomElement(using: &random) ?? .unchanged
      for change in life.step(verdict, at: at(now), times) {
        let allowed: [AlertLife.Change] =
          switch state {
          case .inactive, .resolved: [.pending, .firing]
          case .pending: [.firing, .inactive]
          case .firing: [.resolved]
          }
        #expect(allowed.contains(change))
        if change == .firing, case .good = verdict { Issue.record("fired on a good verdict") }
        if change == .resolved, case .bad = verdict { Issue.record("resolved on a bad verdict") }
        state = change
      }
      #expect((life.firingSince != nil) == (state == .firing))
      if life.firingSince == nil, times.patience > .zero, case .bad = verdict {
        #expect(state == .pending)
      }
    }
  }
}
