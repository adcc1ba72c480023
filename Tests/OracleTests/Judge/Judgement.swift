import Hashing
import Model

/// What is in the database in the end, held against what the producers know.
struct Judgement: Sendable {
  /// Events that got a 200 and are not there.
  var lost: [SentEvent.Identity] = []
  /// Events that are there more than once.
  var doubled: [SentEvent.Identity] = []
  /// Events that are there though nobody sent them, or not with the content that was sent.
  var foreign: [SentEvent.Identity] = []
  /// Handoffs whose record is not what their events say, or that are missing, or that have no events.
  var wrongRecords: [String] = []
  /// How many events are there.
  var stored = 0
  /// How many records.
  var records = 0
  /// How many of the events that are there never got a 200.
  var unacknowledged = 0

  init(_ stored: StoredState, sent events: [SentEvent], acknowledged: Set<Int>) throws {
    self.stored = stored.events.count
    records = stored.records.count
    let frames = try Framing.frames(of: events)
    var contents: [SentEvent.Identity: Int64] = [:]
    for event in stored.events where contents.updateValue(event.content, forKey: event.identity) != nil {
      doubled.append(event.identity)
    }
    var expected: [String: HandoffRecord] = [:]
    for (number, event) in events.enumerated() {
      guard let content = contents.removeValue(forKey: event.identity) else {
        if acknowledged.contains(number) { lost.append(event.identity) }
        continue
      }
      if !acknowledged.contains(number) { unacknowledged += 1 }
      let frame = frames[number]
      if content != Int64(bitPattern: frame.contentHash.low) { foreign.append(event.identity) }
      if event.isAboutHandoff {
        _ = expected[event.identity.subject, default: HandoffRecord()].merge(frame)
      }
    }
    foreign += contents.keys
    compare(stored.records, with: expected)
  }

  private mutating func compare(_ found: [String: [UInt8]], with expected: [String: HandoffRecord]) {
    for (id, bytes) in found {
      let isRight = expected[id].map { $0.coded == HandoffRecord(coded: bytes)?.coded } ?? false
      if !isRight { wrongRecords.append(id) }
    }
    wrongRecords += expected.keys.filter { found[$0] == nil }
  }
}
