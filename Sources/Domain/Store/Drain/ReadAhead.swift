import Model
import Platform
import Spool

/// How a batch is read and laid out.
struct Reading: Sendable {
  let source: any RecordSource
  let retentionDays: Int?
  let time: any TimeSource
  let seed: UInt64

  /// Records from `sequence` on, laid out; nil where none came until `deadline`.
  func batch(from sequence: UInt64, maxBytes: Int, waitUntil deadline: MonotonicInstant) -> Batch? {
    let records = source.read(from: sequence, maxBytes: maxBytes, waitUntil: deadline)
    if records.isEmpty { return nil }
    var batch = Batch(start: sequence, records: records)
    let today = Timestamp(microseconds: time.wall().microseconds).day
    batch.setAside(before: retentionDays.map { today &- Int64($0) &- 1 }, after: today &+ 2)
    batch.group(seed: seed)
    return batch
  }
}

/// Reads the next batch on a lane of its own while the last is written, so that PostgreSQL need not wait.
///
/// Only a batch that is known to be there is read ahead: what trickles in is better read when its time has
/// come, all of it.
final class ReadAhead: Sendable {
  private struct State: Sendable {
    enum Phase: Sendable {
      case idle
      case wanted(from: UInt64, maxBytes: Int)
      case reading
      case ready(from: UInt64, Batch?)
      case stopped
    }

    var phase = Phase.idle
    var lane: Lane?
  }

  private let reading: Reading
  private let gate = Gate(State())

  init(_ reading: Reading) {
    self.reading = reading
  }

  /// Begins to read; without a lane to do so, `next` will.
  func begin(from sequence: UInt64, maxBytes: Int) {
    if gate.withLock({ $0.lane == nil }) {
      let lane = try? Lane(name: "drain-read") { [self] in run() }
      gate.withLock { $0.lane = lane }
      if lane == nil { return }
    }
    gate.withLock {
      if case .stopped = $0.phase {} else { $0.phase = .wanted(from: sequence, maxBytes: maxBytes) }
    }
    gate.broadcast()
  }

  /// The batch that begins at `sequence`: the one that was read ahead, or one that is read now.
  func next(from sequence: UInt64, maxBytes: Int, waitUntil deadline: MonotonicInstant) -> Batch? {
    let ahead = gate.wait(until: nil) { state -> Batch?? in
      switch state.phase {
      case .wanted, .reading: return nil
      case .idle, .stopped: return .some(nil)
      case .ready(let from, let batch):
        state.phase = .idle
        return from == sequence ? batch : .some(nil)
      }
    }
    if let batch = ahead ?? nil { return batch }
    return reading.batch(from: sequence, maxBytes: maxBytes, waitUntil: deadline)
  }

  /// Ends the lane.
  func stop() {
    gate.withLock { $0.phase = .stopped }
    gate.broadcast()
    gate.withLock { $0.lane }?.join()
  }

  private func run() {
    while true {
      let order = gate.wait(until: nil) { state -> (UInt64, Int)?? in
        switch state.phase {
        case .wanted(let from, let maxBytes):
          state.phase = .reading
          return (from, maxBytes)
        case .stopped: return .some(nil)
        default: return nil
        }
      }
      guard let (from, maxBytes) = order ?? nil else { return }
      let batch = reading.batch(from: from, maxBytes: maxBytes, waitUntil: .distantPast)
      gate.withLock { if case .reading = $0.phase { $0.phase = .ready(from: from, batch) } }
      gate.broadcast()
    }
  }
}
