import Postgres

/// What the drain was doing, as metrics name it.
public enum StoreOperation: String, CaseIterable, Sendable {
  /// Connecting.
  case connect
  /// Looking at the schema, or making it.
  case migrate
  /// Making partitions.
  case partition
  /// Taking the position of the spool.
  case position
  /// Reading and writing a batch.
  case write
  /// Committing it.
  case commit
  /// Asking whether the server is still there, while there is nothing to write.
  case watch
  /// Answering a question.
  case query
  /// Removing what is past its retention.
  case retain
}

/// Why the drain could not go on.
enum DrainFailure: Error {
  /// PostgreSQL or the way to it failed.
  case postgres(StoreOperation, PostgresError)
  /// Another process has taken the position of this spool.
  case fenced
  /// The position is not where this process left it.
  case moved(to: UInt64)
  /// Other sidecars kept changing the same handoffs.
  case contention
  /// The schema was made by a program too new for this one.
  case schemaTooNew(found: Int, oldestReader: Int)
  /// The database has seen other records of this spool than there are: it was put back to an earlier state,
  /// or is a copy that went another way.
  case spoolDiverged(position: UInt64, tail: UInt64)
  /// The database does not keep text as UTF-8.
  case encoding(String)
}

extension DrainFailure {
  /// What is to be done about it.
  var faultClass: FaultClass {
    switch self {
    case .postgres(_, let error): error.faultClass
    case .fenced, .schemaTooNew, .encoding: .configuration
    case .moved, .contention, .spoolDiverged: .collision
    }
  }

  /// What was being done.
  var operation: StoreOperation {
    switch self {
    case .postgres(let operation, _): operation
    case .fenced, .moved, .spoolDiverged: .position
    case .contention: .write
    case .schemaTooNew, .encoding: .migrate
    }
  }

  /// Whether nothing but a restart or a person helps, so that trying again would do harm.
  var isFinal: Bool {
    if case .fenced = self { true } else { false }
  }

  /// Whether a smaller batch may fare better.
  var wantsLess: Bool {
    guard case .postgres(let operation, let error) = self, operation != .watch else { return false }
    return error.code == .deadline || [.queryCanceled, .lockNotAvailable].contains(error.sqlState)
  }

  /// In words, with what happens now.
  var text: String {
    switch self {
    case .postgres(_, let error): error.description
    case .fenced:
      "another process has taken over the position of this spool (a copy of its directory, or a second sidecar); "
        + "this one drains no more and keeps spooling; end the other and start this one again"
    case .moved(let position): "the position in the database is \(position), not where it was left"
    case .contention: "other sidecars kept changing the same handoffs"
    case .schemaTooNew(let found, let oldest):
      "the schema has version \(found) and wants programs that know at least \(oldest); this one knows "
        + "\(Migration.current); update handoffd; events are kept in the spool"
    case .spoolDiverged(let position, let tail):
      "the database has seen other records of this spool, up to \(position), while it ends at \(tail): it was put "
        + "back to an earlier state or is a copy; it gets a new identity and is drained from its first record"
    case .encoding(let name): "the database keeps text as \(name); handoffd needs a database made with UTF8"
    }
  }
}
