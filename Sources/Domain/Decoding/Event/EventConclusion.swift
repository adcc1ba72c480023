import Bytes
import Hashing
import Model

/// Judges an event that has been read whole, and writes its frames.
struct EventConclusion {
  var receivedAt: Timestamp
  /// The position of the event in its body.
  var position = 0

  init(receivedAt: Timestamp) {
    self.receivedAt = receivedAt
  }
}

extension EventReader {
  /// What cannot be said of single members.
  func judge(receivedAt: Timestamp) -> EventFault? {
    guard let type = draft.type else {
      return missing("/type", "a type belongs here, such as handoff.initiated")
    }
    if let fault = judgeSubject(of: type) { return fault }
    if type == .conversationTurn, let fault = draft.turnFault { return fault }
    if draft.has(.requested), draft.has(.resolved), draft.resolved > draft.requested {
      let advice = Advice.moreResolvedThanRequested(draft.resolved, draft.requested)
      return EventFault(.outOfRange, .token(draft.resolvedToken), advice)
    }
    guard let occurredAt = draft.occurredAt else { return nil }
    let age = receivedAt.microseconds.subtractingReportingOverflow(occurredAt.microseconds).partialValue
    if age > retention {
      return EventFault(.tooOld, .field("/occurred_at"), .tooOld(settings.retention))
    }
    if age < -mostAhead {
      return EventFault(.inFuture, .field("/occurred_at"), .inFuture(settings.mostAhead))
    }
    return nil
  }

  private func judgeSubject(of type: EventType) -> EventFault? {
    switch type.subject {
    case .handoff where !draft.has(.handoffID):
      return missing("/handoff_id", "events of a handoff name it; send the handoff's id as a string")
    case .agent where !draft.has(.agent):
      return missing("/agent", "events of an agent name it; send the agent's name as a string")
    case .task where !draft.has(.taskID):
      return missing("/task_id", "events of a task name it; send the task's id as a string")
    case .conversation where !draft.has(.conversationID):
      return missing("/conversation_id", "turns name their conversation; send its id as a string")
    default: break
    }
    guard type == .initiated else { return nil }
    if !draft.has(.fromAgent) {
      return missing("/from_agent", "handoff.initiated names who hands off; send the agent's name")
    }
    if !draft.has(.toAgent), draft.receivers < 0 {
      return missing("/to_agent", "handoff.initiated names who is to take over; send the agent's name")
    }
    return nil
  }

  private func missing(_ field: StaticString, _ advice: StaticString) -> EventFault {
    EventFault(.missingField, .field(field), .missing(advice))
  }

  /// Whether two events without id and time may be one: those that change where a handoff stands.
  var mayRepeat: Bool { draft.type?.state != nil || draft.has(.attempt) }

  var subject: Hash128 {
    switch draft.type?.subject {
    case .agent: draft.agent
    case .task: draft.taskID
    case .conversation: draft.conversationID
    default: draft.handoffID
    }
  }
}

extension EventConclusion {
  /// Writes the frames of the event that `reader` has read and judged good.
  mutating func write(
    _ reader: inout EventReader, text: Span<UInt8>, index: Span<UInt32>, body: ArraySlice<UInt8>,
    into batch: inout DecodedBatch
  ) {
    guard let type = reader.draft.type else { return }
    let draft = reader.draft
    var flags: EventFlags = []
    if draft.occurredAt == nil { flags.insert(.timeAssumed) }
    if isLate(draft, after: reader.lateAfter) { flags.insert(.late) }
    if !draft.has(.eventID) {
      flags.insert(.identityDerived)
      deriveID(in: &reader)
    }
    let isTimed = draft.has(.eventID) || draft.occurredAt != nil
    let frame = FrameContent(
      type: type, flags: flags, occurredAt: draft.occurredAt ?? receivedAt, content: draft.content,
      body: body, start: draft.start,
      id: draft.has(.eventID) ? draft.eventID : draft.content,
      term: isTimed ? .lasting : reader.mayRepeat ? .brief : .single)
    if reader.isBroadcast {
      writeReceivers(frame, &reader, text, index, into: &batch)
    } else {
      put(frame, reader.frame, subject: reader.subject, into: &batch)
    }
    batch.accepted += 1
  }

  private func isLate(_ draft: EventDraft, after lateAfter: Int64) -> Bool {
    guard let occurredAt = draft.occurredAt else { return false }
    return receivedAt.microseconds - occurredAt.microseconds > lateAfter
  }

  private func deriveID(in reader: inout EventReader) {
    var id: [UInt8] = []
    let content = reader.draft.content
    if reader.draft.occurredAt != nil {
      DerivedID.write(content: content, to: &id)
    } else {
      DerivedID.write(
        content: content, receivedAt: receivedAt, position: position, salt: reader.settings.salt, to: &id)
    }
    reader.frame.note(.eventID, .text, value: id)
  }

  /// Puts down a frame with the facts that `writer` has noted.
  func put(
    _ frame: FrameContent, _ writer: FrameWriter, subject: Hash128, into batch: inout DecodedBatch
  ) {
    let start = batch.payload.frames.count
    writer.write(
      type: frame.type, flags: frame.flags, source: .events, occurredAt: frame.occurredAt,
      contentHash: frame.content, body: frame.body, from: frame.start, into: &batch.payload.frames)
    batch.payload.countEvent()
    let identity = EventIdentity(
      subject: subject, kind: frame.type.subject, id: frame.id, content: frame.content, term: frame.term)
    batch.frames.append(
      DecodedFrame(index: position, range: start..<batch.payload.frames.count, identity: identity))
  }
}

/// What the frames of one event have in common.
struct FrameContent {
  var type: EventType
  var flags: EventFlags
  var occurredAt: Timestamp
  var content: Hash128
  var body: ArraySlice<UInt8>
  /// Where the body began in the text in which its facts were found.
  var start: Int
  /// What tells the event from others of its subject.
  var id: Hash128
  var term: EventIdentity.Term
}
