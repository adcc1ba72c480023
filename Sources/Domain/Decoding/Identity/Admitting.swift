import Bytes
import Hashing
public import Model

extension RecentIdentities {
  /// Takes out of `batch` what has been accepted before: resends, which are counted as duplicates, and
  /// events that contradict one accepted before, which are refused.
  ///
  /// `second` is of a clock that never goes back. The admission is to be confirmed once the batch is on
  /// disk, and withdrawn if it fails.
  public mutating func admit(
    _ batch: inout DecodedBatch, at second: Int, keptRejections: Int = 1000
  ) -> Admission {
    fetch(batch.frames)
    var admission = begin()
    var verdicts: [Verdict] = []
    verdicts.reserveCapacity(batch.frames.count)
    for frame in batch.frames {
      verdicts.append(judge(frame.identity, within: &admission, at: second))
    }
    if verdicts.contains(where: { $0 != .new }) {
      batch.settle(verdicts, keptRejections: keptRejections)
    }
    return admission
  }
}

extension DecodedBatch {
  /// Keeps the frames that are new; an event with several is a duplicate if all are, refused if one contradicts.
  mutating func settle(_ verdicts: [RecentIdentities.Verdict], keptRejections: Int) {
    var kept = BatchBuilder(capacity: payload.frames.count)
    kept.rejections = payload.rejections
    var remaining: [DecodedFrame] = []
    var position = 0
    while position < frames.count {
      let event = positions(ofEventAt: position)
      if verdicts[event].contains(.conflict) {
        refuseConflict(frames[position], into: &kept, keptRejections: keptRejections)
      } else if verdicts[event].allSatisfy({ $0 == .duplicate }) {
        duplicates += 1
        accepted -= 1
      } else {
        for index in event where verdicts[index] == .new { keep(frames[index], in: &kept, &remaining) }
      }
      position = event.upperBound
    }
    refusals.sort { $0.index < $1.index }
    payload = kept
    frames = remaining
  }

  private func positions(ofEventAt start: Int) -> Range<Int> {
    var end = start + 1
    while end < frames.count, frames[end].index == frames[start].index { end += 1 }
    return start..<end
  }

  private func keep(_ frame: DecodedFrame, in kept: inout BatchBuilder, _ remaining: inout [DecodedFrame]) {
    var moved = frame
    let start = kept.frames.count
    kept.frames.put(payload.frames.bytes[frame.range])
    kept.countEvent()
    moved.range = start..<kept.frames.count
    remaining.append(moved)
  }

  private mutating func refuseConflict(
    _ frame: DecodedFrame, into kept: inout BatchBuilder, keptRejections: Int
  ) {
    accepted -= 1
    let refusal = Refusal(
      index: frame.index, pointer: "/event_id", code: .conflict,
      message: "an event of this id was accepted with other content, and stays; send a new event_id")
    refusals.append(refusal)
    guard kept.rejections.count < keptRejections,
      let event = EventFrame(payload.frames.bytes, at: frame.range.lowerBound)
    else { return }
    kept.rejections.append(Rejection(refusal: refusal, body: Array(event.body.prefix(4096))))
  }
}

extension EventIdentity {
  /// The identity of an event read back from where it was stored; nil where the frame is damaged.
  public init?(of frame: EventFrame) {
    let id: FactID =
      switch frame.type.subject {
      case .handoff: .handoffID
      case .agent: .agent
      case .task: .taskID
      case .conversation: .conversationID
      }
    guard let subject = frame.value(of: id), let name = frame.value(of: .eventID) else { return nil }
    let isDerived = frame.flags.contains(.identityDerived)
    let isTimed = !isDerived || !frame.flags.contains(.timeAssumed)
    let mayRepeat = frame.type.state != nil || frame.value(of: .attempt) != nil
    self.init(
      subject: Hash.hash128(subject.span), kind: frame.type.subject,
      id: isDerived ? frame.contentHash : Hash.hash128(name.span), content: frame.contentHash,
      term: isTimed ? .lasting : mayRepeat ? .brief : .single)
  }
}
