import Platform
import Postgres
import Testing

@testable import Store

@Suite struct DrainMachineTests {
  private let start = MonotonicInstant(nanoseconds: 1_000_000_000)

  private func draining() -> DrainMachine {
    var machine = DrainMachine()
    machine.note(.connected, start, jitter: 0)
    machine.note(.prepared, start, jitter: 0)
    machine.note(.took(7), start, jitter: 0)
    return machine
  }

  private func failure(
    _ fault: FaultClass, isFinal: Bool = false, isUnique: Bool = false, wantsLess: Bool = false
  ) -> DrainMachine.Outcome {
    .failed(fault, isFinal: isFinal, isUnique: isUnique, wantsLess: wantsLess)
  }

  @Test func `the way to draining leads through connecting, preparing and taking the position`() {
    var machine = DrainMachine()
    #expect(machine.next(start) == .connect)
    machine.note(.connected, start, jitter: 0)
    #expect(machine.next(start) == .prepare)
    machine.note(.prepared, start, jitter: 0)
    #expect(machine.next(start) == .takePosition)
    #expect(!machine.isHealthy)
    machine.note(.took(7), start, jitter: 0)
    #expect(machine.next(start) == .drain(from: 7, maxBytes: DrainMachine.mostBytes, .swift))
    #expect(machine.isHealthy)
    machine.note(.committed(9), start, jitter: 0)
    #expect(machine.next(start) == .drain(from: 9, maxBytes: DrainMachine.mostBytes, .swift))
  }

  @Test(arguments: [FaultClass.transient, .wrongNode, .full, .configuration])
  func `after a failure it waits, longer each time, and begins with a new connection`(_ fault: FaultClass) {
    var machine = draining()
    var last = Duration.zero
    for _ in 0..<3 {
      machine.note(failure(fault), start, jitter: 1)
      guard case .pause(let end) = machine.next(start) else {
        return #expect(Bool(false), "it does not wait")
      }
      #expect(end - start > last)
      last = end - start
      #expect(machine.next(end) == .connect)
    }
    #expect(last <= .seconds(60))
  }

  @Test func `waits are bounded and never in step`() {
    var backoff = Backoff()
    for _ in 0..<100 { _ = backoff.next(after: .transient, jitter: 0.5) }
    #expect(backoff.next(after: .transient, jitter: 1) == .seconds(10))
    #expect(backoff.next(after: .transient, jitter: 0) == .seconds(5))
    backoff.reset()
    #expect(backoff.next(after: .transient, jitter: 1) == .milliseconds(100))
  }

  @Test func `getting on shortens the waits again, also where every answer to COMMIT is lost`() {
    var machine = draining()
    for position in 8..<40 {
      machine.note(failure(.transient), start, jitter: 1)
      #expect(machine.next(start) == .pause(until: start + .milliseconds(100)))
      machine.note(.took(UInt64(position)), start, jitter: 0)
    }
    machine.note(failure(.transient), start, jitter: 1)
    machine.note(.took(39), start, jitter: 0)
    machine.note(failure(.transient), start, jitter: 1)
    #expect(machine.next(start) == .pause(until: start + .milliseconds(200)))
  }

  @Test func `a collision is tried again at once, five times`() {
    var machine = draining()
    for _ in 0..<5 {
      machine.note(failure(.collision), start, jitter: 1)
      #expect(machine.next(start) == .connect)
    }
    machine.note(failure(.collision), start, jitter: 1)
    guard case .pause = machine.next(start) else { return #expect(Bool(false), "it does not wait") }
  }

  @Test func `poison is met carefully, once`() {
    var machine = draining()
    machine.note(failure(.poison), start, jitter: 0)
    #expect(machine.next(start) == .connect)
    machine.note(.took(7), start, jitter: 0)
    #expect(machine.next(start) == .drain(from: 7, maxBytes: DrainMachine.mostBytes, .careful))
    machine.note(.committed(8), start, jitter: 0)
    #expect(machine.next(start) == .drain(from: 8, maxBytes: DrainMachine.mostBytes, .swift))
  }

  @Test func `poison that care does not cure is waited for`() {
    var machine = draining()
    machine.note(failure(.poison), start, jitter: 0)
    machine.note(failure(.poison), start, jitter: 0)
    guard case .pause = machine.next(start) else { return #expect(Bool(false), "it does not wait") }
  }

  @Test func `a row that should not be there makes it wary`() {
    var machine = draining()
    machine.note(failure(.transient, isUnique: true), start, jitter: 0)
    machine.note(.took(7), start, jitter: 0)
    #expect(machine.next(start) == .drain(from: 7, maxBytes: DrainMachine.mostBytes, .wary))
  }

  @Test func `what took too long is tried in smaller batches, which grow again`() {
    var machine = draining()
    for _ in 0..<20 { machine.note(failure(.transient, wantsLess: true), start, jitter: 0) }
    machine.note(.took(7), start, jitter: 0)
    #expect(machine.next(start) == .drain(from: 7, maxBytes: 64 << 10, .swift))
    for _ in 0..<20 { machine.note(.committed(8), start, jitter: 0) }
    #expect(machine.next(start) == .drain(from: 8, maxBytes: DrainMachine.mostBytes, .swift))
  }

  @Test func `what only a person can mend halts it`() {
    var machine = draining()
    machine.note(failure(.configuration, isFinal: true), start, jitter: 0)
    #expect(machine.next(start) == .halt)
    #expect(machine.next(start + .seconds(86_400)) == .halt)
  }
}
