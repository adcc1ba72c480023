import Platform

/// What a machine starts from: what was found on the disk, put in order.
struct OpenedSpool: Sendable {
  var identity: SpoolID
  var table: SegmentTable
  var nextSequence: UInt64
  var nextOrdinal: UInt64
  /// Bytes that all segments may take.
  var capacity: Int
  var disk = SpoolMachine.DiskState.fine
  var counts = SpoolStatus.Counts()
  var gaps = GapList()
  /// What to tell the operator.
  var notes: [OpeningNote] = []
}

/// Something found while opening that an operator should hear about.
struct OpeningNote: Sendable, Hashable {
  var level: Log.Level
  var message: String
  var subject: String
  var detail: String
}
