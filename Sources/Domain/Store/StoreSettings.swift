public import Postgres

/// What the store is told at its start.
public struct StoreSettings: Sendable {
  /// Where the database is.
  public var database: DatabaseAddress
  /// The name of this sidecar among those that share the database.
  public var instance: String
  /// How many days events are kept, nil for ever; older ones get no partition and are set aside.
  public var retentionDays: Int?
  /// How many days the history of figures is kept, nil for ever.
  public var rollupDays: Int? = 400
  /// What is past its time is removed this often.
  public var retentionPace = Duration.seconds(600)
  /// Days for which partitions are made ahead.
  public var daysAhead = 3
  /// While little comes in, a batch is begun at most this often, so that each is worth its commit.
  public var linger = Duration.milliseconds(100)
  /// A batch takes at most this long; a server that is stuck is left after it.
  public var batchDeadline = Duration.seconds(30)
  /// A connection is made within this.
  public var connectDeadline = Duration.seconds(10)
  /// A question is answered within this.
  public var queryDeadline = Duration.seconds(5)
  /// While there is nothing to write, the server is asked this often whether it is still there.
  public var watchPace = Duration.seconds(2)
  /// It answers that within this, or is taken for lost.
  public var watchDeadline = Duration.seconds(3)
  /// After a failure that is likely to pass, the next attempt is made within this.
  public var longestPause = Duration.seconds(10)
  /// Pairs of agents that have a history of their own; all others share one.
  public var pairs = 1_000
  /// Connections for questions.
  public var readers = 5

  /// Settings with the usual values.
  public init(database: DatabaseAddress, instance: String, retentionDays: Int? = 90) {
    self.database = database
    self.instance = instance
    self.retentionDays = retentionDays
  }

  /// Sets all deadlines by the longest of them, that of a batch; the others become no longer than they are.
  public mutating func setDeadlines(_ longest: Duration) {
    batchDeadline = longest
    connectDeadline = min(connectDeadline, longest)
    queryDeadline = min(queryDeadline, longest)
    watchDeadline = min(watchDeadline, longest)
    longestPause = min(longestPause, longest)
  }
}
