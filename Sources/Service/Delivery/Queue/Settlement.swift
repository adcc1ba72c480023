/// What became of a notification in the end.
public enum Settlement: Equatable, Sendable {
  /// The receiver has it.
  case delivered
  /// It was given up, for that reason.
  case failed(FailureCause)
}

/// Why a notification was given up, as metrics name it.
public enum FailureCause: String, CaseIterable, Sendable {
  /// The answer says that trying again is useless.
  case status
  /// The answer points elsewhere, where nobody goes.
  case redirect
  /// It was tried for as long as it may be.
  case expired
  /// It cannot be sent: its receiver is gone, too many wait, its address is not spoken to.
  case other
}
