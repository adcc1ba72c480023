import Platform
import Testing

@testable import Spool

/// A random life of a spool on a bad disk, and the oracle that watches it.
///
/// Everything follows from the seed.
struct Schedule {
  /// A promise that was broken.
  struct Violation: Error, CustomStringConvertible {
    var seed: UInt64
    var step: String
    var what: String
    var description: String { "seed \(seed), \(step): \(what)" }
  }

  let seed: UInt64
  var random: SplitMix64
  let disk = SimulatedDisk()
  let time = ManualTime()
  var limits: SpoolLimits
  var harness: Harness
  /// What was acknowledged: sequence and payload number.
  ///
  /// Filled by completions.
  let acknowledged = Box<[UInt64: UInt64]>([:])
  /// What each sequence of this identity was seen to be, acknowledged or not.
  var content: [UInt64: UInt64] = [:]
  /// Sequences whose bytes we damaged or removed.
  var sacrificed: Set<UInt64> = []
  /// Where a bit of a record was flipped.
  var wounds: [(path: String, record: Range<Int>, sequence: UInt64)] = []
  /// Of those, the ones that look as if torn when they are the last: too little of them can be believed.
  var doubtful: Set<UInt64> = []
  /// The payload numbers that are in the database.
  var stored: Set<UInt64> = []
  /// The positions in the database; a spool has one, unless it was given a new identity.
  var positions: [SpoolID: UInt64]
  var identity: SpoolID
  var position: UInt64 {
    get { positions[identity] ?? 1 }
    set { positions[identity] = newValue }
  }
  var nextNumber: UInt64 = 1
  var step = "start"
  var tally = Tally()
  /// Counters of spools that were closed or crashed.
  var damagesSeen = 0
  var missingSeen = 0
  /// Whether some of it could not be read when it was opened; it may be back next time.
  var isBlind = false
  var wasBlind = false
  /// Whether the newest segment was removed, which leaves no trace.
  var isNewestGone = false

  /// What happened, so that the test can show that it did.
  struct Tally {
    var acknowledged = 0
    var refused = 0
    var crashes = 0
    var kills = 0
    var flips = 0
    var deletions = 0
    var syncFailures = 0
    var lost = 0
    var renewals = 0
    /// Left by crashes of spools that nobody damaged.
    var tornBytes = 0

    mutating func add(_ other: Tally) {
      acknowledged += other.acknowledged
      refused += other.refused
      crashes += other.crashes
      kills += other.kills
      flips += other.flips
      deletions += other.deletions
      syncFailures += other.syncFailures
      lost += other.lost
      renewals += other.renewals
      tornBytes += other.tornBytes
    }
  }

  final class Box<Value: Sendable>: Sendable {
    private let value: Guarded<Value>
    init(_ value: Value) { self.value = Guarded(value) }
    func with<Result>(_ body: (inout Value) -> Result) -> Result { value.withLock { body(&$0) } }
  }

  let isTraced: Bool

  /// `isTraced`: every step, and what the spool logs, goes to standard output.
  init(seed: UInt64, isTraced: Bool = false) throws {
    self.seed = seed
    self.isTraced = isTraced
    random = SplitMix64(seed: seed)
    limits = SpoolLimits(
      capacityBytes: 40_000, segmentBytes: 600, groupBytes: 400, keepSegments: 2, keepDrained: .seconds(5))
    harness = try Harness(disk: disk, limits: limits, time: time, seed: seed)
    identity = harness.core.gate.withLock { $0.identity }
    positions = [identity: 1]
  }

  func fail(_ what: String) -> Violation { Violation(seed: seed, step: step, what: what) }

  mutating func run(steps: Int) throws {
    for number in 0..<steps { try act(number) }
    try finish()
  }

  private mutating func act(_ number: Int) throws {
    let dice = Int.random(in: 0..<100, using: &random)
    step = "step \(number), dice \(dice)"
    switch dice {
    case 0..<38: append()
    case 38..<56: harness.committer.drain()
    case 56..<66: harness.upkeeper.drain()
    case 66..<74: try drainSome()
    case 74..<77: disk.set { $0.failSyncs += 1 }
    case 77..<79: disk.set { $0.failWrites += 1 }
    case 79..<81: fillOrFree()
    case 81..<84: time.advance(by: .seconds(Int64.random(in: 1...20, using: &random)))
    case 84..<87: flip()
    case 87..<88: deleteSegment()
    case 88..<92: try reopen { disk, dice in disk.cutPower(&dice) }
    case 92..<96: try reopen { disk, _ in disk.kill() }
    case 96..<98: try closeAndReopen()
    case 98: disk.set { $0.failReads += Int.random(in: 1...3, using: &random) }
    default: harness.settle()
    }
    trace()
    try checkRemoved()
  }

  private func trace() {
    guard isTraced else { return }
    let status = harness.status
    print("\(step): position \(position), next \(status.nextSequence), released \(status.released)")
    for path in disk.segments {
      let found = records(path).map(\.0)
      let ends = found.isEmpty ? "" : "\(found[0])...\(found[found.count - 1])"
      print(
        "    \(path.suffix(53).prefix(16)) \(disk.content(path).count) bytes, \(found.count) records \(ends)")
    }
  }

  private var log: Log {
    isTraced ? Log(level: .debug, time: time, sink: { print($0, terminator: "") }) : .silent
  }

  // MARK: Actions

  private mutating func append() {
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let number = nextNumber
      nextNumber += 1
      let long = Int.random(in: 0..<20, using: &random) == 0
      let length = Int.random(in: 0...(long ? 900 : 90), using: &random)
      let acknowledged = acknowledged
      harness.append(Payload.make(number, length: length)) { result in
        if case .success(let sequence) = result { acknowledged.with { $0[sequence] = number } }
      }
    }
  }

  private mutating func fillOrFree() {
    let used = disk.used
    let isFull = Bool.random(using: &random)
    let room = Int.random(in: 0...700, using: &random)
    disk.set { $0.capacity = isFull ? used + room : .max }
  }

  /// Reads, commits in the database, and tells the spool, or not: then the outcome is looked up later.
  private mutating func drainSome() throws {
    let records = harness.read(from: position, maxBytes: Int.random(in: 1...800, using: &random))
    try check(records, from: position)
    guard let last = records.last else { return }
    if Int.random(in: 0..<5, using: &random) > 0 {
      position = last.sequence + 1
      stored.formUnion(records.compactMap { Payload.number($0.payload) })
    }
    if Int.random(in: 0..<5, using: &random) > 0 { harness.core.release(below: position) }
  }

  /// One bit, anywhere in any segment.
  private mutating func flip() {
    guard let path = disk.segments.randomElement(using: &random) else { return }
    let bytes = disk.content(path)
    guard !bytes.isEmpty else { return }
    // Rather among the records than in the reserved space.
    let end = max(1, bytes.lastIndex { $0 != 0 } ?? 1)
    let offset = Int.random(in: 0..<(Bool.random(using: &random) ? end : bytes.count), using: &random)
    wound(path, at: offset)
    disk.flip(path, at: offset, bit: Int.random(in: 0..<8, using: &random))
    tally.flips += 1
  }

  private mutating func wound(_ path: String, at offset: Int) {
    for wound in wounds where wound.path == path && wound.record.contains(offset) {
      doubtful.insert(wound.sequence)
    }
    for (sequence, range) in records(path) where range.contains(offset) {
      sacrificed.insert(sequence)
      wounds.append((path, range, sequence))
      let isInHead = offset - range.lowerBound < RecordHead.size
      // The shortest payload ends in zeros.
      if isInHead || range.count <= RecordHead.size + 8 { doubtful.insert(sequence) }
    }
  }

  private mutating func deleteSegment() {
    let segments = disk.segments
    guard let path = segments.randomElement(using: &random) else { return }
    let gone = records(path).map(\.0)
    sacrificed.formUnion(gone)
    if path == segments.last || gone.contains((content.keys.max() ?? 0)) { isNewestGone = true }
    // Without records behind it nobody can know that there were some.
    let others = segments.filter { $0 != path }.flatMap { records($0).map(\.0) }
    if let highest = gone.max(), highest > (others.max() ?? 0) { isNewestGone = true }
    disk.deleteByHand(path)
    tally.deletions += 1
  }

  /// The valid records of a file and the bytes they take.
  func records(_ path: String) -> [(UInt64, Range<Int>)] {
    Self.records(path, disk.content(path))
  }

  static func records(_ path: String, _ bytes: [UInt8]) -> [(UInt64, Range<Int>)] {
    guard let name = path.split(separator: "/").last.flatMap({ SegmentName(String($0)) }) else { return [] }
    var records: [(UInt64, Range<Int>)] = []
    RecordWalk(identity: name.identity).forEach(in: bytes) { head, payload in
      let start = payload.lowerBound - RecordHead.size
      records.append((head.sequence, start..<(start + RecordHead.footprint(head.length))))
    }
    return records
  }

  // MARK: Crashes

  private mutating func reopen(_ disaster: (SimulatedDisk, inout SplitMix64) -> Void) throws {
    remember()
    disaster(disk, &random)
    let isSick = Int.random(in: 0..<12, using: &random) == 0
    let reads = isSick ? Int.random(in: 1...5, using: &random) : 0
    disk.set { $0 = SimulatedDisk.Faults(failReads: reads, capacity: $0.capacity) }
    isBlind = reads > 0
    if isBlind { wasBlind = true }
    try open()
    tally.crashes += 1
  }

  private mutating func closeAndReopen() throws {
    harness.close()
    // Closing with a disk that is full or broken leaves no promise open either.
    remember()
    try openWell()
    tally.kills += 1
  }

  /// Opens again on a disk that works, whether or not it is full.
  mutating func openWell() throws {
    disk.kill()
    disk.set { $0 = SimulatedDisk.Faults(capacity: $0.capacity) }
    isBlind = false
    try open()
  }

  mutating func remember() {
    let counts = harness.status.counts
    damagesSeen += counts.damages + counts.gaps
    missingSeen += counts.missingRecords
    tally.syncFailures += counts.failures
    tally.refused += counts.refused
  }

  /// Without any segment left it is another spool; but nothing needed may have gone with them.
  private mutating func startOver() throws {
    let needed = needed(from: position).filter { !sacrificed.contains($0) }
    acknowledged.with { $0 = [:] }
    if let first = needed.min() { throw fail("the identity is gone, and with it record \(first)") }
    content = [:]
    self.sacrificed = []
  }

  /// What is there after opening counts as promised from now on: clients who send it again are told so.
  private mutating func adopt() throws {
    let isSettled = harness.core.gate.withLock { $0.disk == .fine && $0.table.room > 0 }
    // A disk that loses what it took, then cannot read it, and then can, is beyond this promise.
    if wasBlind || !isSettled { return }
    let records = harness.readAll(from: harness.status.firstSequence)
    try check(records, from: 1)
    for record in records where !sacrificed.contains(record.sequence) {
      let number = Payload.number(record.payload) ?? 0
      acknowledged.with { $0[record.sequence] = number }
    }
  }

  private mutating func open() throws {
    do {
      harness = try Harness(disk: disk, limits: limits, time: time, seed: random.next(), log: log)
    } catch {
      throw fail("opening failed: \(error)")
    }
    let status = harness.status
    try checkTorn()
    if isNewestGone {
      // The sequences behind are given again; only the database can know.
      acknowledged.with { known in known = known.filter { $0.key < status.nextSequence } }
      content = content.filter { $0.key < status.nextSequence }
      isNewestGone = false
    }
    let found = harness.core.gate.withLock { $0.identity }
    if positions[found] == nil { try startOver() }
    identity = found
    if position > status.nextSequence {
      // What the daemon does: a new identity, drained from its first record.
      identity = SpoolID(high: random.next(), low: random.next())
      harness.core.renew(identity)
      content = [:]
      tally.renewals += 1
    }
    position = position
    harness.core.release(below: position)
    try adopt()
  }
}
