import Model
import TestSupport
import Testing

@testable import Alerts

/// What survives the process.
struct JournalTests {
  private func alert(_ number: Int, _ state: Alert.State) -> Alert {
    let labels = ["alertname": "A\(number)", "severity": "critical"]
    return Alert(
      fingerprint: Fingerprint(labels), name: "A\(number)", severity: .critical, state: state, labels: labels,
      annotations: ["summary": "ü \(number)"], value: number == 0 ? nil : Double(number), threshold: 0.5,
      since: at(Double(number)), endedAt: state == .resolved ? at(99) : nil, events: ["e1", "e2"],
      inhibitedBy: number == 3 ? "B" : nil)
  }

  private func entries(_ seed: UInt64) -> [JournalEntry] {
    var random = SeededRandom(seed: seed)
    return (1...60).map { number in
      let one = Int.random(in: 0..<6, using: &random)
      let fingerprint = alert(one, .firing).fingerprint
      return switch Int.random(in: 0..<7, using: &random) {
      case 0:
        .transition(
          number: UInt64(number), Transition(at: at(Double(number)), alert: alert(one, .firing)),
          notified: true)
      case 1:
        .transition(
          number: UInt64(number), Transition(at: at(Double(number)), alert: alert(one, .resolved)),
          notified: false)
      case 2: .told(receiver: "r", fingerprint, Announcer.Told(since: at(1), at: at(2), repetition: 3))
      case 3: .forgotten(receiver: "r", fingerprint)
      case 4:
        .notice(
          QueuedNotice(
            id: "n\(one)", receiver: "r", fingerprints: [1, 2], body: [0, 255, 10], decidedAt: at(5)))
      case 5: .settled(id: "n\(one)")
      default: .shipped(below: UInt64(number / 2))
      }
    }
  }

  @Test(arguments: 1...20)
  func `what is written is read, and a memory written anew is the same memory`(seed: UInt64) throws {
    let entries = entries(seed)
    #expect(JournalEntry.decode(JournalEntry.encode(entries)) == entries)
    var memory = AlertMemory()
    for entry in entries { memory.apply(entry) }
    var copy = AlertMemory()
    for entry in try #require(JournalEntry.decode(JournalEntry.encode(memory.lines))) { copy.apply(entry) }
    #expect(copy == memory)
  }

  @Test(arguments: 1...20)
  func `a journal that was cut or changed never traps`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var bytes = JournalEntry.encode(entries(seed))
    for _ in 0..<200 {
      bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      _ = JournalEntry.decode(Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))))
    }
  }

  @Test func `an alert that has ended is remembered until everybody was told`() {
    var memory = AlertMemory()
    let fingerprint = alert(1, .firing).fingerprint
    memory.apply(.transition(number: 1, Transition(at: at(1), alert: alert(1, .firing)), notified: true))
    memory.apply(.told(receiver: "r", fingerprint, Announcer.Told(since: at(1), at: at(1))))
    memory.apply(.transition(number: 2, Transition(at: at(9), alert: alert(1, .resolved)), notified: true))
    #expect(memory.firing.isEmpty && memory.ended.count == 1)
    memory.apply(.forgotten(receiver: "r", fingerprint))
    #expect(memory.alerts.isEmpty && memory.unshipped.count == 2)
  }
}
