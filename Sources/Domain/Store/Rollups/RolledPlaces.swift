/// Which of a record's pairs of agents were counted among the rest, as its row says: what the record said is taken back
/// from where it was added, whoever has rows of their own by then.
struct RolledPlaces: OptionSet, Sendable {
  let rawValue: Int16
  /// The one from the sender to the receiver.
  static let pair = Self(rawValue: 1)
  /// The one from the sender to the receiver it was taken from.
  static let diverted = Self(rawValue: 2)
}
