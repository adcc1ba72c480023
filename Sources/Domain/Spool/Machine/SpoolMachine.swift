// The spool's state, and every decision about it; no I/O, no lock, no clock.
//
// A record is admitted or refused by the pressure there is (`SpoolMachine+Append`). Admitted records
// wait in order. The commit lane takes as many as fit into a group, writes them with one write and one
// sync, and only then are they durable, readable and acknowledged (`SpoolMachine+Commit`). Meanwhile
// the next group gathers by itself: the slower the disk, the larger the groups.
//
// A segment that failed to take a group is never written again: the kernel may have dropped the data
// and call it clean. The group, with its sequences, goes to the next segment; if that fails too, it is
// refused, and its sequences are never used again, so that a sequence means one record for ever.
//
// The upkeep lane makes the next segment before it is needed, removes what was released, gives back
// reserved space, and after a failure tries from time to time whether the disk works again
// (`SpoolMachine+Upkeep`).
import Platform

/// The state of an open spool.
struct SpoolMachine: Sendable {
  /// What the commit lane is about.
  enum Phase: Sendable {
    case idle
    case committing(CommitGroup)
    /// The segment failed; the group waits for another.
    case moving(CommitGroup)
  }

  /// Whether segments can be made.
  enum DiskState: Hashable, Sendable {
    case fine
    case full(SystemError)
    case failing(SystemError)

    init(_ error: SystemError) {
      self = error.isOutOfSpace ? .full(error) : .failing(error)
    }

    var error: SystemError? {
      switch self {
      case .fine: nil
      case .full(let error), .failing(let error): error
      }
    }
  }

  let limits: SpoolLimits
  var identity: SpoolID
  var table: SegmentTable
  var queue = AppendQueue()
  var phase = Phase.idle
  var disk = DiskState.fine
  var counts = SpoolStatus.Counts()
  var drain: DrainMeter
  /// The sequence the next record gets.
  var nextSequence: UInt64
  /// The number the next segment gets.
  var nextOrdinal: UInt64
  /// Bytes that all segments may take: the limit, or less on a small or crowded volume.
  var capacity: Int
  /// When the volume was last looked at.
  var measuredAt: MonotonicInstant?
  /// What is owed to the ladder: at 1 the next record is told to come back later.
  var shed = 0.0
  /// The last record found no room, and none came free since.
  var isFull = false
  /// Bytes a segment must have for the record that waits for one; 0 when none waits.
  var wanted = 0
  /// Not before this is another segment tried after a failure.
  var retryAt = MonotonicInstant.distantPast
  var retryPause = Duration.seconds(1)
  /// Not before this is another file removed after a failure.
  var removalPausedUntil = MonotonicInstant.distantPast
  /// Files of segments that were made and are not needed.
  var discarded: [SegmentName] = []
  var answers: [Answer] = []
  var notices: [Notice] = []
  var gaps = GapList()
  /// No more appends.
  var isClosing = false
  /// The commit lane has ended.
  var isStopped = false

  init(limits: SpoolLimits, opened: OpenedSpool, seed: UInt64) {
    self.limits = limits
    identity = opened.identity
    table = opened.table
    counts = opened.counts
    gaps = opened.gaps
    nextSequence = opened.nextSequence
    nextOrdinal = opened.nextOrdinal
    disk = opened.disk
    capacity = opened.capacity
    drain = DrainMeter(seed: seed)
  }

  /// Neither in the active segment nor in a new one is room, and none can be made.
  var isStuck: Bool { disk != .fine && table.prepared == nil && table.room < RecordHead.size }

  func threshold(_ share: Double) -> Int {
    Int(Double(capacity) * share)
  }

  /// From now on segments bear another identity; what is there is kept and stays readable.
  mutating func renew(_ identity: SpoolID) {
    self.identity = identity
    if let name = table.discardPrepared() { discarded.append(name) }
    table.seal()
  }

  /// Something an operator should hear about; the lanes write it to the log.
  enum Notice: Hashable, Sendable {
    case segmentFailed(SegmentName, SystemError)
    case groupRefused(records: Int, SystemError)
    case cannotPrepare(SystemError)
    case recovered
    case cannotRemove(SegmentName, SystemError)
    case gap(SpoolGap)
    case damage(SegmentName, offset: Int, bytes: Int)
  }

  mutating func takeNotices() -> [Notice] {
    defer { notices = [] }
    return notices
  }
}
