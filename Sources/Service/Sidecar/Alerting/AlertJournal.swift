// The journal of alerts: a spool of its own under the data directory, so that what was decided is on disk before
// anybody is told, whatever the database does. One lane writes it.
//
//   kind 1   lines, as they came
//   kind 2   a piece of all that still matters, written when the journal has grown; kind 3 is the last piece
//
// Pieces count only with their last; then everything before them may go.
import Alerts
import Model
import Platform
import Spool

/// Keeps what is remembered of alerts.
struct AlertJournal {
  private let spool: Spool
  private(set) var memory: AlertMemory
  /// When alerts last changed before the start, as far as the journal still has it.
  let changes: [Fingerprint: Timestamp]
  private var grown = 0

  private static let lines: UInt8 = 1
  private static let piece: UInt8 = 2
  private static let lastPiece: UInt8 = 3
  private static let compactsAfter = 8 << 20
  private static let linesInPiece = 200

  /// Opens the journal and reads what it holds.
  init(directory: String, time: any TimeSource, log: Log) throws(SpoolError) {
    let limits = SpoolLimits(
      capacityBytes: 512 << 20, segmentBytes: 8 << 20, keepSegments: 1, keepDrained: .zero)
    spool = try Spool.open(directory: directory, disk: RealDisk(), limits: limits, time: time, log: log)
    (memory, changes) = Self.read(spool, log)
  }

  /// Who this journal is; numbers of changes belong to it.
  var identity: SpoolID { spool.identity }

  private static func read(_ spool: Spool, _ log: Log) -> (AlertMemory, [Fingerprint: Timestamp]) {
    var memory = AlertMemory()
    var changes: [Fingerprint: Timestamp] = [:]
    var pieces: [JournalEntry] = []
    func take(_ entries: [JournalEntry]) {
      for entry in entries {
        memory.apply(entry)
        if case .transition(_, let change, _) = entry { changes[change.alert.fingerprint] = change.at }
      }
    }
    spool.forEachKept { record in
      guard let entries = JournalEntry.decode(record.payload) else {
        log(.error, "cannot read a record of the journal of alerts; it is passed over")
        return true
      }
      switch record.kind {
      case lines:
        pieces = []
        take(entries)
      case piece: pieces += entries
      case lastPiece:
        take(pieces + entries)
        pieces = []
      default: break
      }
      return true
    }
    return (memory, changes)
  }

  /// Remembers lines; `done` is called once they are on disk, or with false if they could not be written.
  mutating func append(_ entries: [JournalEntry], done: @escaping @Sendable (Bool) -> Void = { _ in }) {
    for entry in entries { memory.apply(entry) }
    let payload = JournalEntry.encode(entries)
    grown += payload.count
    spool.append(kind: Self.lines, payload: payload, events: entries.count) { result in
      if case .success = result { done(true) } else { done(false) }
    }
    if grown > Self.compactsAfter { compact() }
  }

  /// Writes all that still matters, and lets go of what came before.
  private mutating func compact() {
    grown = 0
    let lines = memory.lines
    let first = spool.status().nextSequence
    for start in stride(from: 0, to: lines.count, by: Self.linesInPiece) {
      let end = min(start + Self.linesInPiece, lines.count)
      let isLast = end == lines.count
      let payload = JournalEntry.encode(Array(lines[start..<end]))
      spool.append(kind: isLast ? Self.lastPiece : Self.piece, payload: payload, events: end - start) {
        [spool] result in
        // What stands before the first piece that was durable then is not needed any more.
        if isLast, case .success = result { spool.release(below: first) }
      }
    }
  }

  func close() { spool.close() }
}
