/// What the rollups hold of a record, as its row says: the version that was counted, and under which names.
///
/// A sidecar of before there were rollups writes records and leaves the mark as it is. Such a record is never counted
/// twice: what was never counted is counted as a whole, and what was counted and then changed by somebody who does not
/// count stays as it was.
enum RolledMark: Equatable, Sendable {
  /// Nothing.
  case nothing
  /// Everything the version that is there says.
  case all(Places)
  /// What a version before said.
  case other(Int64)

  /// Which of its pairs were counted among the rest.
  struct Places: OptionSet, Sendable {
    let rawValue: Int64
    /// The one from the sender to the receiver.
    static let pair = Self(rawValue: 1)
    /// The one from the sender to the receiver it was taken from.
    static let diverted = Self(rawValue: 2)
  }

  /// Reads the mark of a record of that version.
  init(stored: Int64?, version: Int64) {
    guard let stored else {
      self = .nothing
      return
    }
    self = stored >> 2 == version ? .all(Places(rawValue: stored & 3)) : .other(stored)
  }

  /// The mark for the record's next version, where this one was counted under `places`.
  func next(_ places: Places, version: Int64) -> Int64 {
    if case .other(let stored) = self { return stored }
    return version << 2 | places.rawValue
  }
}
