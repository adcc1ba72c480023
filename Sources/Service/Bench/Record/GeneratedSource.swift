import Decoding
import Model
import Platform
import Spool
import Store

/// A workload as a spool would hold it, made when it is read.
struct GeneratedSource: RecordSource {
  let workload: RecordWorkload
  let identity = SpoolID(high: 7, low: 7)
  private let receivedAt: WallTime
  private static let handoffs = 500

  init(_ workload: RecordWorkload, receivedAt: WallTime) {
    self.workload = workload
    self.receivedAt = receivedAt
  }

  var first: UInt64 { 1 }
  var tail: UInt64 { UInt64((workload.handoffs + Self.handoffs - 1) / Self.handoffs) + 1 }

  func read(from sequence: UInt64, maxBytes: Int, waitUntil deadline: MonotonicInstant) -> [SpoolRecord] {
    var records: [SpoolRecord] = []
    var bytes = 0
    var next = max(1, sequence)
    while next < tail, bytes < maxBytes, let payload = payload(of: next) {
      bytes += payload.count
      records.append(
        SpoolRecord(sequence: next, kind: 1, events: 0, received: receivedAt, payload: payload))
      next += 1
    }
    return records
  }

  private func payload(of sequence: UInt64) -> [UInt8]? {
    let first = Int(sequence - 1) * Self.handoffs
    var lines: [UInt8] = []
    lines.reserveCapacity(Self.handoffs * 1_100)
    for number in first..<min(first + Self.handoffs, workload.handoffs) { workload.write(number, to: &lines) }
    var decoder = Decoder(settings: DecodingSettings())
    let at = Timestamp(microseconds: receivedAt.microseconds)
    let batch = try? decoder.decode(lines, contentType: "application/x-ndjson", receivedAt: at)
    return batch?.payload.payload(receivedAt: at, from: "bench")
  }

  func renew() {}
  func release(below sequence: UInt64) {}
}
