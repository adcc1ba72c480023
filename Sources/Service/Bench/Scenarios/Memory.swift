import Platform
import TestSupport

extension Bench {
  /// Resident memory after ten million events against that after one million.
  func memory() throws -> [Row] {
    let database = try TestCluster.shared().database()
    let subject = try Subject(database: database.connectionString)
    let workload = Workload(run: "memory", now: time.wall())
    let step = scaled(500_000)
    var resident: [Double] = []
    for round in 0..<20 {
      let requests = workload.requests(events: step, batch: 500, from: round * step)
      _ = try subject.load(requests, connections: 8)
      try subject.waitCommitted((round + 1) * step)
      if round == 1 || round == 19 {
        resident.append(try subject.metric("process_resident_memory_bytes") / 1e6)
      }
    }
    let (early, late) = (resident[0], resident[1])
    return [
      Row(
        what: "resident memory after \(20 * step) events", measured: "\(Table.two(late)) MB",
        yardstick: "\(Table.two(early)) MB after \(2 * step)", ratio: late / early, wanted: .atMost(1.1)),
      Row(
        what: "the same in all", measured: "\(Table.two(late)) MB", yardstick: "96 MB", ratio: late / 96,
        wanted: .atMost(1)),
    ]
  }
}
