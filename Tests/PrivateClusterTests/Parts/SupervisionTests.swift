import Platform
import Testing

@testable import PrivateCluster

@Suite struct SupervisionTests {
  private typealias Sight = Supervision.Sight
  private static let start = MonotonicInstant(nanoseconds: 1_000_000_000)

  private static func after(_ seconds: Double) -> MonotonicInstant { start + .seconds(seconds) }
  private static func gone(leftovers: Int = 0) -> Sight {
    Sight(isRunning: false, leftovers: leftovers, answer: .silence)
  }
  private static func up(_ answer: Supervision.Answer) -> Sight {
    Sight(isRunning: true, leftovers: 0, answer: answer)
  }

  /// A machine whose server is ready since `start`.
  private static var ready: Supervision {
    var machine = Supervision(now: start)
    _ = machine.step(gone(), now: start)
    _ = machine.step(up(.ready), now: start)
    return machine
  }

  @Test func `a server is launched, waited for and announced`() {
    var machine = Supervision(now: Self.start)
    #expect(machine.step(Self.gone(), now: Self.start) == .launch)
    #expect(machine.step(Self.up(.silence), now: Self.after(0.1)) == .wait)
    #expect(machine.step(Self.up(.starting), now: Self.after(0.2)) == .wait)
    #expect(machine.step(Self.up(.ready), now: Self.after(0.3)) == .announce)
    #expect(machine.step(Self.up(.silence), now: Self.after(9)) == .wait)
  }

  @Test func `a server that was adopted is not launched`() {
    var machine = Supervision(adoptedAt: Self.start)
    #expect(machine.step(Self.up(.ready), now: Self.start) == .announce)
  }

  @Test func `a server that ends is mourned and launched again at once`() {
    var machine = Self.ready
    #expect(machine.step(Self.gone(), now: Self.after(1)) == .mourn(wasReady: true))
    #expect(machine.step(Self.gone(), now: Self.after(1)) == .launch)
  }

  @Test func `while the dead server's processes work nothing is launched`() {
    var machine = Self.ready
    _ = machine.step(Self.gone(), now: Self.start)
    #expect(machine.step(Self.gone(leftovers: 2), now: Self.after(1.9)) == .wait)
    #expect(machine.step(Self.gone(leftovers: 2), now: Self.after(2)) == .clear(.quit))
    #expect(machine.step(Self.gone(leftovers: 1), now: Self.after(9.9)) == .clear(.quit))
    #expect(machine.step(Self.gone(leftovers: 1), now: Self.after(10)) == .clear(.kill))
    #expect(machine.step(Self.gone(), now: Self.after(10.1)) == .launch)
  }

  @Test func `a server that ends again and again is tried later and later, at most every five seconds`() {
    var machine = Supervision(now: Self.start)
    var now = Self.start
    var pauses: [Duration] = []
    for _ in 0..<9 {
      let from = now
      while machine.step(Self.gone(), now: now) != .launch { now = now + .milliseconds(100) }
      pauses.append(now - from)
      #expect(machine.step(Self.gone(), now: now) == .mourn(wasReady: false))
    }
    #expect(pauses == [0, 0, 200, 400, 800, 1_600, 3_200, 5_000, 5_000].map { .milliseconds($0) })
    #expect(machine.failures == 9)
  }

  @Test func `a minute of peace forgets the failures`() {
    var machine = Self.ready
    _ = machine.step(Self.gone(), now: Self.start)
    _ = machine.step(Self.gone(), now: Self.start)
    _ = machine.step(Self.up(.ready), now: Self.start)
    #expect(machine.failures == 1)
    _ = machine.step(Self.up(.ready), now: Self.after(60))
    #expect(machine.failures == 0)
  }

  @Test func `recovery may take as long as it needs, silence may not`() {
    var machine = Supervision(adoptedAt: Self.start)
    for second in stride(from: 0, through: 600, by: 20) {
      #expect(machine.step(Self.up(.starting), now: Self.after(Double(second))) == .wait)
    }
    #expect(machine.step(Self.up(.silence), now: Self.after(629.9)) == .wait)
    #expect(machine.step(Self.up(.silence), now: Self.after(630)) == .replace)
  }

  @Test func `what is missing is provided once, and then waited for`() {
    var machine = Supervision(adoptedAt: Self.start)
    #expect(machine.step(Self.up(.needs(.passwords)), now: Self.start) == .provide(.passwords))
    #expect(machine.step(Self.gone(), now: Self.start) == .launch)
    #expect(machine.step(Self.up(.needs(.database)), now: Self.start) == .provide(.database))
    #expect(machine.step(Self.gone(), now: Self.start) == .launch)
    #expect(machine.step(Self.up(.needs(.passwords)), now: Self.after(1)) == .wait)
  }

  @Test(
    arguments: [
      ("57P03", Supervision.Answer.starting), ("28P01", .needs(.passwords)), ("28000", .needs(.passwords)),
      ("3D000", .needs(.database)), ("53300", .ready), (nil, .silence),
    ] as [(String?, Supervision.Answer)])
  func `a refusal is read by its state`(state: String?, answer: Supervision.Answer) {
    #expect(Probe.answer(state) == answer)
  }

  @Test func `without a password of ours new ones are made`() {
    #expect(Probe.answer(nil, "fe_sendauth: no password supplied") == .needs(.passwords))
  }
}
