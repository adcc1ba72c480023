/// An event as a producer sends it, word for word the same each time.
struct SentEvent: Sendable {
  /// By what the store knows it.
  struct Identity: Hashable, Sendable {
    /// `handoff`, or what else the event is about.
    var kind: String
    /// The handoff, agent or task.
    var subject: String
    var eventID: String
  }

  var identity: Identity
  /// Its JSON, on one line.
  var text: String
  /// Whether it may be sent again after a 200.
  ///
  /// The others may not: a resend would cover up for a loss.
  var mayRepeat: Bool

  var isAboutHandoff: Bool { identity.kind == "handoff" }
}
