import Decoding
import Model
import Platform

extension Bench {
  /// How fast bodies are decoded on one core, against what the issue of speed asks of the whole.
  func decoding() throws -> [Row] {
    let workload = Workload(run: "decode", now: time.wall())
    let body = workload.lines(0..<500)
    let receivedAt = Timestamp(microseconds: time.wall().microseconds)
    var decoder = Decoder()
    var rates: [Double] = []
    for _ in 0..<5 {
      let start = time.now()
      for _ in 0..<scaled(400) {
        let batch = try decoder.decode(body, contentType: "application/x-ndjson", receivedAt: receivedAt)
        guard batch.accepted == 500 else { throw WorkloadError.refused("\(batch.refusals.first as Any)") }
      }
      rates.append(Double(scaled(400) * 500) / (time.now() - start).inSeconds)
    }
    return [
      Row(
        what: "decoding on one core", measured: Table.rate(rates.median, "events"),
        yardstick: "500000 events/s",
        ratio: rates.median / 500_000, wanted: .atLeast(1))
    ]
  }
}

/// Why a scenario cannot be measured.
enum WorkloadError: Error {
  case refused(String)
}
