public import Model

/// One line of the journal of alerts.
public enum JournalEntry: Equatable, Sendable {
  /// Everything before it is void: the lines behind it say all that still matters.
  case restart
  /// An alert changed; numbers count from 1.
  case transition(number: UInt64, Transition, notified: Bool)
  /// An alert as it stands, from before.
  case standing(Alert)
  /// A receiver is told that an alert fires.
  case told(receiver: String, Fingerprint, Announcer.Told)
  /// A receiver is told that an alert has ended.
  case forgotten(receiver: String, Fingerprint)
  /// A notification is to be delivered.
  case notice(QueuedNotice)
  /// A notification was delivered or given up.
  case settled(id: String)
  /// Changes below this number are in the database.
  case shipped(below: UInt64)
  /// Everything until then was judged.
  case judged(until: Timestamp)
  /// Another sidecar speaks for an alert from now on.
  case handedOver(Fingerprint)
}
