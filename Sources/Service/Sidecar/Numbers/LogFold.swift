import Analytics
import Decoding
import Model
import Platform
import Spool

/// The analytics of a log, as far as it was read.
struct LogFold: Sendable {
  var analytics: Analytics
  /// The record that is folded next.
  private(set) var next: UInt64
  /// So many events of it are folded already.
  private(set) var begun = 0
  /// From this record on counters count.
  let present: UInt64
  private(set) var isCounting = false
  /// A resend that came while the first was still on its way to the disk is in the log, too.
  private var seen = RecentIdentities(capacity: 1 << 13)

  /// So many events are folded before others get their turn.
  static let portion = 512

  /// A fold that begins with the record `next`.
  init(_ analytics: Analytics, from next: UInt64, present: UInt64) {
    self.analytics = analytics
    self.next = next
    self.present = present
  }

  /// Folds a part of a record; the last part ends it.
  mutating func step(_ part: ArraySlice<EventFrame>, of record: LogRecord) {
    if record.sequence >= present { beginCounting() }
    let second = Int(record.receivedAt.microseconds / 1_000_000)
    for frame in part {
      if let identity = EventIdentity(of: frame), !seen.note(identity, at: second) { continue }
      analytics.step(frame, receivedAt: record.receivedAt)
    }
    begun = part.endIndex
    if part.endIndex == record.frames.endIndex {
      next = record.sequence + 1
      begun = 0
    }
  }

  /// Folds all of a record.
  mutating func step(_ record: LogRecord) { step(record.frames[...], of: record) }

  /// All of the past has been folded.
  mutating func beginCounting() {
    if !isCounting { analytics.restartCounts() }
    isCounting = true
  }
}

/// What a commit of this sidecar completed with another's half: observed once the fold has passed that commit.
struct Completion: Sendable {
  var pair: CompletedPair
  var handoff: KnownHandoff
  /// The fold has to have come here.
  var position: UInt64
}

/// A record of the log, read.
struct LogRecord: Sendable {
  let sequence: UInt64
  let receivedAt: Timestamp
  /// Empty where the record brought no events.
  let frames: [EventFrame]

  init(_ record: SpoolRecord) {
    let batch = record.kind == 1 ? BatchPayload(record.payload) : nil
    sequence = record.sequence
    receivedAt = batch?.receivedAt ?? Timestamp(microseconds: record.received.microseconds)
    frames = batch?.frames ?? []
  }

  /// The frames in portions; one, empty, where there are none.
  var parts: [ArraySlice<EventFrame>] {
    guard !frames.isEmpty else { return [[]] }
    return stride(from: 0, to: frames.count, by: LogFold.portion).map { start in
      frames[start..<min(start + LogFold.portion, frames.count)]
    }
  }
}
