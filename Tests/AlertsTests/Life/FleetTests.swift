import Alerts
import Analytics
import Model
import Testing

/// Rules over all handoffs, judged on what several sidecars have seen.
struct FleetTests {
  /// What a sidecar tells others of its windows, written and read again.
  private func told(_ stage: Stage, as source: String, to others: inout OtherWindows) throws {
    for slice in stage.analytics.snapshot(at: at(stage.now)).slices(from: at(0)) {
      others.take(try #require(WindowSlice(start: slice.start, bytes: slice.bytes)), of: source)
    }
  }

  private func sight(_ stages: Stage...) throws -> FleetSight {
    var sight = FleetSight()
    for (number, stage) in stages.enumerated() { try told(stage, as: "\(number)", to: &sight.others) }
    return sight
  }

  private func firing(_ stage: Stage, _ sight: FleetSight, judgesFleet: Bool = true) -> Set<String> {
    var evaluator = Evaluator(.builtIn)
    _ = evaluator.evaluate(
      stage.analytics.snapshot(at: at(stage.now)), sight: sight, judgesFleet: judgesFleet)
    return Set(evaluator.alerts.filter { $0.state == .firing }.map(\.name))
  }

  @Test func `faults that are too few at each sidecar fire together`() throws {
    var (here, there) = (Stage(), Stage())
    here.deliver(9)
    here.fail(3)
    there.deliver(6)
    there.fail(2)
    #expect(!firing(here, FleetSight()).contains("HandoffFailureRateSystemic"))
    #expect(!firing(there, FleetSight()).contains("HandoffFailureRateSystemic"))
    #expect(firing(here, try sight(there)).contains("HandoffFailureRateSystemic"))
    #expect(firing(there, try sight(here)).contains("HandoffFailureRateSystemic"))
    #expect(!firing(here, try sight(there), judgesFleet: false).contains("HandoffFailureRateSystemic"))
  }

  @Test func `the windows of all are what one sidecar would have seen`() throws {
    var (here, there, one) = (Stage(), Stage(), Stage())
    for (number, agent) in ["b", "c", "d", "e"].enumerated() {
      let tell: (inout Stage) -> Void = { stage in
        stage.deliver(7 + number, to: agent, after: 0.3 + 2 * Double(number), .references(10, 9 - number))
        stage.fail(number, to: agent)
        stage.spend(3, used: 1_000 * number)
      }
      tell(&one)
      if number % 2 == 0 { tell(&here) } else { tell(&there) }
      let now = max(here.now, there.now, one.now)
      for seconds in [now + 40] {
        here.judge(at: seconds)
        there.judge(at: seconds)
        one.judge(at: seconds)
      }
    }
    var others = OtherWindows()
    try told(there, as: "there", to: &others)
    for length in [Duration.seconds(45), .seconds(300), .seconds(1800)] {
      let whole = one.analytics.snapshot(at: at(one.now)).window(length)
      let sum = here.analytics.snapshot(at: at(one.now)).window(length, beside: others)
      for tally in Tally.allCases { #expect(sum[tally] == whole[tally], "\(tally) of \(length)") }
      for amount in Amount.allCases { #expect(sum[amount] == whole[amount], "\(amount) of \(length)") }
      for share in [0.5, 0.95, 0.99] {
        #expect(sum.acknowledgement.quantile(share) == whole.acknowledgement.quantile(share))
      }
      #expect(sum.acknowledgementRange?.greatest == whole.acknowledgementRange?.greatest)
    }
    // What began too long ago is not counted, whoever saw it.
    others.forget(before: at(10_000))
    #expect(others.isEmpty)
  }

  @Test func `how handoffs stand is what the database says of all`() throws {
    var stage = Stage()
    stage.tell(.initiated, "p", .from("a"), .to("b"))
    stage.tell(.parked, "p")
    var sight = FleetSight()
    sight.standing = FleetStanding(active: 0, overdue: 0, deadLetters: 0, oldestDeadLetter: nil)
    stage.judge(at: 3700)
    #expect(firing(stage, FleetSight()).contains("DeadLetterOld"))
    #expect(!firing(stage, sight).contains("DeadLetterOld"))
    sight.standing?.oldestDeadLetter = at(10)
    #expect(firing(Stage(), sight).isEmpty)
    var late = Stage()
    late.judge(at: 3700)
    #expect(firing(late, sight).contains("DeadLetterOld"))
  }

  @Test(arguments: [[UInt8](), [1], [2, 0, 0], Array(repeating: 255, count: 400)])
  func `what is no slice is none`(_ bytes: [UInt8]) {
    #expect(WindowSlice(start: at(0), bytes: bytes) == nil)
  }

  @Test func `who no longer judges for all lets go of those alerts alone`() throws {
    var stage = Stage()
    stage.fail(20)
    stage.judge()
    #expect(stage.firing.isSuperset(of: ["HandoffFailureRateSystemic", "HandoffCircuitOpen"]))
    #expect(
      Set(stage.evaluator.fleetAlerts.map(\.name)) == [
        "HandoffFailureRateSystemic", "HandoffFailureRateHigh",
      ])
    stage.evaluator.releaseFleet()
    #expect(stage.firing.contains("HandoffCircuitOpen"))
    #expect(!stage.firing.contains("HandoffFailureRateSystemic"))
  }
}
