import Platform
import Spool
import Store

/// A spool that is an array.
final class ArraySource: RecordSource {
  struct State: Sendable {
    var records: [SpoolRecord] = []
    var tail: UInt64 = 1
    var released: UInt64 = 0
    var identity: SpoolID
  }

  private let gate: Gate<State>

  init(identity: SpoolID = .random) {
    gate = Gate(State(identity: identity))
  }

  var identity: SpoolID { gate.withLock { $0.identity } }

  var first: UInt64 { gate.withLock { $0.records.first?.sequence ?? $0.tail } }
  var tail: UInt64 { gate.withLock { $0.tail } }
  var released: UInt64 { gate.withLock { $0.released } }

  /// Puts a record behind the others.
  func append(_ payload: [UInt8], events: Int = 1, kind: UInt8 = 1, receivedAt: Int64 = Occurrence.base) {
    gate.withLock { state in
      state.records.append(
        SpoolRecord(
          sequence: state.tail, kind: kind, events: events, received: WallTime(microseconds: receivedAt),
          payload: payload))
      state.tail += 1
    }
    gate.broadcast()
  }

  /// Puts a request's events behind the others.
  func append(_ events: [Occurrence], receivedAt: Int64 = Occurrence.base) {
    append(events.payload(receivedAt: receivedAt), events: events.count, receivedAt: receivedAt)
  }

  /// Loses a record, as a disk does.
  func lose(_ sequence: UInt64) {
    gate.withLock { $0.records.removeAll { $0.sequence == sequence } }
  }

  /// The same spool as it was when it ended at `tail`.
  func rolledBack(to tail: UInt64) -> ArraySource {
    let state = gate.withLock { $0 }
    let older = ArraySource(identity: state.identity)
    older.gate.withLock {
      $0.records = state.records.filter { $0.sequence < tail }
      $0.tail = tail
    }
    return older
  }

  func read(from sequence: UInt64, maxBytes: Int, waitUntil deadline: MonotonicInstant) -> [SpoolRecord] {
    gate.wait(until: deadline) { state -> [SpoolRecord]? in
      var bytes = 0
      let found = state.records.drop { $0.sequence < sequence }.prefix { record in
        defer { bytes += record.payload.count }
        return bytes < maxBytes
      }
      return found.isEmpty ? nil : Array(found)
    } ?? []
  }

  func renew() { gate.withLock { $0.identity = .random } }

  func release(below sequence: UInt64) {
    gate.withLock { $0.released = max($0.released, sequence) }
  }
}

extension SpoolID {
  static var random: SpoolID { SpoolID(high: .random(in: 1...(.max)), low: .random(in: 0...(.max))) }
}
