import Model

/// What agents call what happens to a handoff, in hooks, reports and steps of their own: `onHandoffComplete`,
/// `prepare_for_handoff`, `REJECTED`.
enum EventWord {
  /// The type of event that a word means; nil where it is none of these.
  static func type(of word: String?) -> EventType? {
    guard let word, word.utf8.count <= 64 else { return nil }
    let letters = word.lowercased().filter(\.isLetter).replacing("handoff", with: "")
    return types[letters.hasPrefix("on") ? String(letters.dropFirst(2)) : letters]
  }

  /// Whether it can be meant of nothing but a handoff.
  static func isOfHandoff(_ word: String?) -> Bool {
    type(of: word) != nil && word?.lowercased().contains("handoff") == true
  }

  /// What an event that is none of these is refused with.
  static let advice =
    "an event of a handoff is prepared, initiated, received, accepted, rejected, resumed, completed, failed, rerouted, escalated, rolled_back, cancelled or expired; send one of these"

  private static let types: [String: EventType] = [
    "prepare": .prepared, "preparefor": .prepared, "prepared": .prepared,
    "initiate": .initiated, "initiated": .initiated, "request": .initiated, "requested": .initiated,
    "receive": .received, "received": .received,
    "accept": .acknowledged, "accepted": .acknowledged, "acknowledge": .acknowledged,
    "acknowledged": .acknowledged, "resume": .resumed, "resumed": .resumed,
    "reject": .rejected, "rejected": .rejected, "complete": .completed, "completed": .completed,
    "fail": .failed, "failed": .failed, "rollback": .rolledBack, "rolledback": .rolledBack,
    "reroute": .rerouted, "rerouted": .rerouted, "escalate": .escalated, "escalated": .escalated,
    "emergencyescalation": .escalated, "cancel": .cancelled, "cancelled": .cancelled,
    "expire": .expired, "expired": .expired,
  ]
}
