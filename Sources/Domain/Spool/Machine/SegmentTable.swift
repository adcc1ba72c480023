import Platform

/// All segments of a spool in the order of their sequences, and what has been released.
struct SegmentTable: Sendable {
  private(set) var segments: [Segment]
  /// A segment on the disk with a header and nothing else, ready to take over.
  private(set) var prepared: Prepared?
  private(set) var released: UInt64 = 1
  /// Places where readers stopped, so that they go on, and release, exactly there.
  private var places: [(name: SegmentName, place: Segment.Place)] = []
  /// Bytes of records that are not released, by whole segments.
  private(set) var liveBytes = 0
  /// The sequence behind the last durable record; it never goes back, whatever is removed.
  private(set) var next: UInt64

  /// Files with nothing but what is in other segments too, and the sequence behind their last record.
  private var shadows: [(name: SegmentName, next: UInt64)]

  /// A segment that waits for its first record.
  struct Prepared: Sendable, Hashable {
    var name: SegmentName
    var size: Int
  }

  /// Takes over what was found on the disk.
  init(segments: [Segment], shadows: [(name: SegmentName, next: UInt64)] = [], floor: UInt64) {
    self.segments = segments
    self.shadows = shadows
    next = max(floor, segments.last { !$0.isEmpty }?.next ?? 0)
    released = segments.first { !$0.isEmpty }?.first ?? next
    count()
  }

  /// The lowest sequence that can be read.
  var first: UInt64 { segments.first { !$0.isEmpty }?.first ?? next }
  var diskBytes: Int { segments.reduce(prepared?.size ?? 0) { $0 + $1.size } }
  /// Room in the active segment.
  var room: Int { segments.last?.room ?? 0 }

  // MARK: Growing

  /// Where a group of `footprint` bytes can go: the active segment, or the prepared one, which becomes active.
  mutating func claim(_ footprint: Int, next: UInt64) -> (name: SegmentName, offset: Int)? {
    if let active = segments.last, active.room >= footprint { return (active.name, active.end) }
    guard let ready = prepared, ready.size - SegmentHeader.size >= footprint else { return nil }
    seal()
    prepared = nil
    segments.append(
      Segment(name: ready.name, identity: ready.name.identity, first: next, next: next, size: ready.size))
    return (ready.name, SegmentHeader.size)
  }

  /// Nothing more goes to the active segment.
  mutating func seal() {
    if let last = segments.indices.last { segments[last].isSealed = true }
  }

  /// The group is durable.
  mutating func extend(by group: CommitGroup) {
    guard let last = segments.indices.last, segments[last].name == group.segment else { return }
    let before = segments[last].isEmpty ? 0 : segments[last].end
    segments[last].extend(by: group)
    liveBytes += segments[last].end - before
    next = max(next, group.next)
  }

  mutating func prepare(_ ready: Prepared) {
    prepared = ready
  }

  /// Gives up the prepared segment, and returns its name so that the file can be removed.
  mutating func discardPrepared() -> SegmentName? {
    defer { prepared = nil }
    return prepared?.name
  }

  // MARK: Shrinking

  /// Everything below `sequence` is stored elsewhere.
  mutating func release(below sequence: UInt64, now: MonotonicInstant) {
    released = max(released, min(sequence, next))
    for index in segments.indices where segments[index].next <= released {
      if segments[index].releasedAt == nil { segments[index].releasedAt = now }
    }
    count()
  }

  /// The oldest segment that may be removed now.
  ///
  /// Never one with a record at or above the released position, nor the last with records, which knows
  /// where the sequence goes on. `pressed`: what is kept only for safety goes too.
  func removable(_ limits: SpoolLimits, pressed: Bool, now: MonotonicInstant) -> SegmentName? {
    if let empty = segments.first(where: { $0.isSealed && $0.isEmpty }) { return empty.name }
    if let shadow = shadows.first(where: { $0.next <= released }) { return shadow.name }
    let newest = segments.last { !$0.isEmpty }?.name
    for (index, segment) in segments.enumerated() where segment.isSealed {
      guard segment.next <= released, segment.name != newest else { return nil }
      let isKept = index >= segments.count - limits.keepSegments || !expired(segment, limits, now)
      // One file can be two segments here, when another one has a part of it.
      let isWhole = !segments.contains { $0.name == segment.name && $0.next > released }
      if isWhole, !segment.isPinned, pressed || !isKept { return segment.name }
    }
    return nil
  }

  private func expired(_ segment: Segment, _ limits: SpoolLimits, _ now: MonotonicInstant) -> Bool {
    segment.releasedAt.map { now - $0 >= limits.keepDrained } ?? false
  }

  /// When the next segment that is kept may go.
  func nextExpiry(_ limits: SpoolLimits, now: MonotonicInstant) -> Duration? {
    segments.compactMap { $0.releasedAt.map { max(.zero, limits.keepDrained - (now - $0)) } }
      .filter { $0 > .zero }.min()
  }

  /// A sealed segment with space behind its last record that can be given back.
  var trimmable: (name: SegmentName, end: Int)? {
    segments.first { $0.isSealed && $0.size > $0.end }.map { ($0.name, $0.end) }
  }

  mutating func trimmed(_ name: SegmentName) {
    for index in segments.indices where segments[index].name == name {
      segments[index].size = segments[index].end
    }
  }

  /// The file is gone.
  mutating func remove(_ name: SegmentName) {
    segments.removeAll { $0.name == name }
    shadows.removeAll { $0.name == name }
    places.removeAll { $0.name == name }
    count()
  }

  /// The file is gone without our doing.
  ///
  /// One that is still written to is given up first.
  mutating func lose(_ name: SegmentName) {
    guard let index = segments.firstIndex(where: { $0.name == name }) else { return }
    if segments[index].isSealed { remove(name) } else { seal() }
  }

  private mutating func count() {
    liveBytes = segments.reduce(0) { $0 + ($1.next > released && !$1.isEmpty ? $1.end : 0) }
  }
}

/// Reading.
extension SegmentTable {
  /// The first segment with a record at or above `sequence`.
  func segment(with sequence: UInt64) -> Segment? {
    segments.first { $0.next > sequence && !$0.isEmpty }
  }

  /// Where to begin to read `sequence` in `segment`: exactly there if a reader stopped there, else before.
  func place(of sequence: UInt64, in segment: Segment) -> Segment.Place {
    places.last { $0.name == segment.name && $0.place.sequence == sequence }?.place
      ?? segment.place(of: sequence)
  }

  /// A reader stopped here.
  mutating func note(_ place: Segment.Place, in name: SegmentName) {
    if places.count >= 16 { places.removeFirst() }
    places.append((name, place))
  }

  /// Bytes and events of the records from the released position on, and when the oldest was received.
  func undrained() -> (bytes: Int, events: Int, oldest: WallTime?) {
    var bytes = 0
    var events = 0
    for segment in segments where segment.next > released && !segment.isEmpty {
      let place = place(of: released, in: segment)
      bytes += segment.end - place.offset
      events += segment.index.events - place.events
    }
    let oldest = segment(with: released)?.index
    return (bytes, events, (oldest?.mark(notAfter: released) ?? oldest?.marks.first)?.received)
  }
}
