import Exposition
import Model

extension Catalogue {
  /// The sidecar's way from a request to the database.
  static let pipeline: [Definition] = [
    Definition(
      .ingestRequests, .counter, by: [.ingestPath, .code],
      "Requests that brought events, by status of the answer."),
    Definition(
      .ingestRequestDuration, .histogram, by: [.ingestPath], bounds: BucketBounds.work,
      "Time from the head of a request that brought events to their being durable."),
    Definition(.ingestBytes, .counter, "Bytes of requests that brought events, as they were sent."),
    Definition(
      .ingestEvents, .counter, "Events taken in by the API, without duplicates that were known here."),
    Definition(.ingestDuplicates, .counter, "Events that were known here already."),
    Definition(
      .ingestRejected, .counter, by: [LabelRange("code", RefusalCode.allCases.map(\.rawValue))],
      "Events that were refused, by why."),
    Definition(
      .ingestMalformed, .counter, by: [.fromAgent],
      "Events and messages that were refused, by the agent that sent them, where that could be read."),
    Definition(.spoolBytes, .gauge, "Bytes of records that are not yet in PostgreSQL."),
    Definition(.spoolEvents, .gauge, "Events that are not yet in PostgreSQL."),
    Definition(
      .spoolOldest, .gauge,
      "When the oldest event that is not yet in PostgreSQL was received; 0 if there is none."),
    Definition(.spoolCapacity, .gauge, "Bytes of disk that the spool may take."),
    Definition(.spoolDisk, .gauge, "Bytes of disk that the spool takes."),
    Definition(
      .spoolPressure, .gauge,
      "How much the spool holds senders back: 0 not, 1 it warns, 2 it slows down, 3 it refuses, 4 it is broken."
    ),
    Definition(.spoolSyncs, .counter, "Groups of records made durable."),
    Definition(
      .spoolSyncDuration, .histogram, bounds: BucketBounds.sync,
      "Time it took to make a group of records durable."),
    Definition(.spoolFailures, .counter, "Writes and syncs of the spool that failed."),
    Definition(.spoolRefused, .counter, "Requests refused because the spool had no room."),
    Definition(
      .spoolCorruptRecords, .counter, "Durable records found damaged, and moved to the quarantine."),
    Definition(
      .spoolMissingRecords, .counter, "Records of the spool that can no longer be read, whatever the cause."),
    Definition(.storeUp, .gauge, "Whether the database answers: 1 while it does."),
    Definition(
      .storeEvents, .counter, "Events committed to PostgreSQL, each when it was stored for the first time."),
    Definition(.storeDuplicates, .counter, "Events found stored already when they were to be committed."),
    Definition(
      .storeConflicts, .counter,
      "Events refused at the commit, because their identity was stored with other content."),
    Definition(.storeQuarantined, .counter, "Events and records that PostgreSQL would not take, set aside."),
    Definition(.storeErrors, .counter, by: [.storeOperation], "Operations on the database that failed."),
    Definition(
      .storeCommitDuration, .histogram, bounds: BucketBounds.commit,
      "Time from the begin of a batch's transaction to its commit."),
    Definition(.storeLag, .gauge, "Age of the oldest event not yet committed; 0 if there is none."),
    Definition(
      .retentionRemoved, .counter, by: [.retained],
      "Rows, and days of the logs as partitions, that this sidecar removed because they were past their retention."
    ),
    Definition(
      .retentionLastRun, .gauge,
      "When this sidecar last saw to it that everything past its retention is gone; 0 if it has not yet."),
  ]
}
