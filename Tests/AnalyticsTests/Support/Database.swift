import Analytics
import Model

/// What a database would know: the records of all handoffs, and when each event was received, and where.
struct Database {
  private var records: [[UInt8]: HandoffRecord] = [:]
  private var receipts: [[UInt8]: Receipt] = [:]
  private var others: [SeedEvent] = []
  private var all: [SeedEvent] = []
  private var sequence: UInt64 = 0

  mutating func commit(_ line: Line, isHere: Bool = true) {
    sequence += 1
    let receipt = Receipt(receivedAt: line.receivedAt, sequence: sequence, position: 0, isHere: isHere)
    all.append(SeedEvent(line.frame, receipt))
    guard line.frame.type.subject == .handoff, let id = line.frame.value(of: .handoffID).map(Array.init),
      let event = line.frame.value(of: .eventID).map(Array.init)
    else { return others.append(SeedEvent(line.frame, receipt)) }
    _ = records[id, default: HandoffRecord()].merge(line.frame)
    receipts[id + event] = receipt
  }

  func handoff(_ id: String) -> KnownHandoff? {
    let id = Array(id.utf8)
    return records[id].map { KnownHandoff(handoffID: id, record: $0) }
  }

  /// Everything as events, as of a moment.
  func eventSeed(at moment: Timestamp) -> Seed {
    var seed = Seed(at: moment)
    seed.events = all
    return seed
  }

  /// Everything, handoffs as records, as of a moment.
  func seed(at moment: Timestamp) -> Seed {
    var seed = Seed(at: moment)
    seed.events = others
    for (id, record) in records.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let known = record.moments.compactMap { receipts[id + record.bytes[$0.identity]] }
      seed.handoffs.append(SeedHandoff(KnownHandoff(handoffID: id, record: record), receipts: known))
    }
    return seed
  }
}
