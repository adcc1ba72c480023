import Bytes
import Platform
import Postgres
import Spool
import Store

/// A file of prepared batches, read one after another.
///
/// A batch is its size (u64), its start, end and number of events (u64 each), and then its parts: ids, rows,
/// log, and the two parameters of the sightings, each a size (u64) and its bytes; integers are little-endian.
final class PreparedFile {
  private let file: FileDescriptor
  private var offset: Int64 = 0

  init(path: String) throws {
    file = try FileDescriptor.open(path, .read)
  }

  /// The next batch; nil at the end.
  func next() throws -> PreparedBatch? {
    let head = try file.read(count: 8, at: offset)
    guard head.count == 8, let size: UInt64 = head.integer(at: 0) else { return nil }
    let bytes = try file.read(count: Int(size), at: offset + 8)
    offset += 8 + Int64(bytes.count)
    var reader = ByteReader(bytes)
    guard let start = reader.integer(UInt64.self), let end = reader.integer(UInt64.self),
      let events = reader.integer(UInt64.self), let ids = reader.part(), let rows = reader.part(),
      let log = reader.part(), let agents = reader.part(), let moments = reader.part()
    else { return nil }
    return PreparedBatch(
      start: start, end: end, events: Int(events), ids: ids, rows: rows, log: log,
      sightings: agents.isEmpty
        ? [] : [Parameter(.text.array, agents), Parameter(.timestamptz.array, moments)])
  }

  /// Writes what the drain would send for `payloads`, in batches of the drain's size, to a new file; gives the
  /// number of events.
  static func write(
    _ payloads: some Sequence<[UInt8]>, of spool: SpoolID, receivedAt: WallTime, to path: String,
    batchBytes: Int = 4 << 20
  ) throws -> Int {
    let file = try FileDescriptor.open(path, [.write, .create, .truncate])
    var preparation = BatchPreparation(spool: spool, seed: 1)
    var records: [SpoolRecord] = []
    var sequence: UInt64 = 1
    var bytes = 0
    var events = 0
    func flush() throws {
      if records.isEmpty { return }
      let batch = preparation.prepare(records)
      events += batch.events
      try file.write(all: coded(batch))
      records.removeAll(keepingCapacity: true)
      bytes = 0
    }
    for payload in payloads {
      records.append(
        SpoolRecord(sequence: sequence, kind: 1, events: 0, received: receivedAt, payload: payload))
      sequence += 1
      bytes += payload.count
      if bytes >= batchBytes { try flush() }
    }
    try flush()
    return events
  }

  private static func coded(_ batch: PreparedBatch) -> [UInt8] {
    var body = ByteWriter()
    body.put(batch.start)
    body.put(batch.end)
    body.put(UInt64(batch.events))
    let sightings = batch.sightings.map { $0.bytes ?? [] } + [[], []]
    for part in [batch.ids, batch.rows, batch.log] + sightings.prefix(2) {
      body.put(UInt64(part.count))
      body.put(part)
    }
    var whole = ByteWriter(capacity: body.count + 8)
    whole.put(UInt64(body.count))
    whole.put(body.bytes)
    return whole.bytes
  }
}

extension ByteReader {
  fileprivate mutating func part() -> [UInt8]? {
    guard let size = integer(UInt64.self), let range = run(Int(clamping: size)) else { return nil }
    return Array(bytes[range])
  }
}
